import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEBIAN_BASE, makeDebianBase } from '../make-base-image.js';
import { ROOT } from '../root.js';
import { runCommand } from '../run-command.js';
import { checkNamed } from './diagnose.js';

export const EXAMPLE = 'examples/hello.yaml';

const BY_HAND = `  sudo debootstrap --variant=minbase bookworm /var/tmp/amun-base
  sudo tar -C /var/tmp/amun-base -c . | podman import - ${DEBIAN_BASE}`;

/**
 * The base image to put in place of the example's, or undefined where its own can be had. Without a
 * registry one is made here, once.
 */
export async function chooseBase(options, diagnosis, say) {
  if (options.base !== undefined) return options.base;
  if (checkNamed(diagnosis, 'base images').ok) return undefined;
  const engine = /^docker\b/.test(checkNamed(diagnosis, 'container engine').detail)
    ? 'docker'
    : 'podman';
  const own = /^base: *(\S+)/m.exec(readFileSync(join(ROOT, EXAMPLE), 'utf8'))?.[1] ?? '';
  if (await hasImage(engine, own)) return undefined;
  if (await hasImage(engine, DEBIAN_BASE)) {
    say(`No container registry answers; using ${DEBIAN_BASE}, which was made here before.`);
    return DEBIAN_BASE;
  }
  say(`No container registry answers; making ${DEBIAN_BASE} with debootstrap, about a minute …`);
  if (process.getuid() !== 0 && (await runCommand('sudo', ['-n', 'true'])).code !== 0) {
    throw new Error(`Only root can make it. Run this, then start again:\n${BY_HAND}`);
  }
  return await makeDebianBase(engine);
}

async function hasImage(engine, name) {
  return (await runCommand(engine, ['image', 'inspect', name])).code === 0;
}
