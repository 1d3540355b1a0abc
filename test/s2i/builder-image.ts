import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../shared/cluster/local/engine/engine.js';
import { makeDebianBase } from '../../scripts/make-base-image.js';
import { call, type Watch } from './open-engine.js';
import { operatorAuthorities, operatorEnvironment } from './operator.js';

const FILES = ['Containerfile', 'assemble', 'run'];

/**
 * The name of an s2i builder image with Python, made where it is not there yet: a minute or so the
 * first time; kept then. `folder` is test/s2i/builder of the checkout. Throws with the build's log.
 */
export async function ensureBuilderImage(
  engine: Engine,
  folder: string,
  watch?: Watch,
): Promise<string> {
  const base = await makeDebianBase(engine.name);
  const image = `localhost/amun-s2i-builder:${await fingerprint(folder)}`;
  if ((await call(engine, ['image', 'inspect', image])).code === 0) return image;
  const context = await mkdtemp(join(tmpdir(), 'amun-s2i-builder-'));
  try {
    await cp(folder, context, { recursive: true });
    await writeFile(join(context, 'authorities.pem'), operatorAuthorities());
    const proxies = Object.entries(operatorEnvironment()).flatMap(([name, value]) =>
      name.endsWith('_PROXY') ? ['--build-arg', `${name}=${value}`] : [],
    );
    const args = [...engine.buildArguments, ...proxies, '--build-arg', `BASE=${base}`];
    const file = ['--file', join(context, 'Containerfile')];
    const { code, log } = await call(
      engine,
      ['build', ...args, '--tag', image, ...file, context],
      watch,
    );
    if (code !== 0) throw new Error(`The builder image could not be made:\n${log}`);
    return image;
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

async function fingerprint(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of FILES) hash.update(await readFile(join(folder, name)));
  return hash.digest('hex').slice(0, 12);
}
