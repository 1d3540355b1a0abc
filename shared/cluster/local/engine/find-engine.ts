import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { AmunError } from '../../../errors/amun-error.js';
import { orUndefined, readJsonFile, writeWhole } from '../atomic-file.js';
import { engineFile, type Layout } from '../layout.js';
import type { LocalClusterOptions } from '../options.js';
import { callEngine } from './call-engine.js';
import type { Engine } from './engine.js';
import { installCommand } from './install-advice.js';
import { probeDocker } from './probe-docker.js';
import { probePodman, type Probed } from './probe-podman.js';

/** A probe's result, kept until the next boot as long as the engine and the wishes stay the same. */
interface KeptEngine {
  readonly engine: Engine;
  readonly wishes: string;
}

type Wishes = Pick<LocalClusterOptions, 'engine' | 'network'>;

/**
 * The container engine to work with: podman before docker, unless one is asked for. Throws
 * Unavailable, with the command that mends it, where none works.
 */
export async function findEngine(layout: Layout, options: Wishes): Promise<Engine> {
  const wishes = JSON.stringify([options.engine, options.network, await bootId()]);
  const kept = await readJsonFile<KeptEngine>(engineFile(layout));
  if (kept?.wishes === wishes && (await isUnchanged(kept.engine))) return kept.engine;

  const problems: string[] = [];
  for (const probe of probesFor(layout, options)) {
    const probed = await probe();
    if (probed === undefined) continue;
    if ('engine' in probed) {
      await mkdir(layout.root, { recursive: true });
      await writeWhole(engineFile(layout), JSON.stringify({ engine: probed.engine, wishes }));
      return probed.engine;
    }
    problems.push(probed.problem);
  }
  if (problems.length > 0) throw new AmunError('Unavailable', problems.join(' '));
  throw new AmunError('Unavailable', await adviseInstall(options.engine));
}

function probesFor(
  layout: Layout,
  { engine, network }: Wishes,
): (() => Promise<Probed | undefined>)[] {
  const podman = (): Promise<Probed | undefined> =>
    probePodman(path.join(layout.root, 'engine'), network);
  const docker = (): Promise<Probed | undefined> => probeDocker(network);
  if (engine === undefined) return [podman, docker];
  return [engine === 'podman' ? podman : docker];
}

async function bootId(): Promise<string | undefined> {
  return orUndefined(readFile('/proc/sys/kernel/random/boot_id', 'utf8'));
}

async function isUnchanged(engine: Engine): Promise<boolean> {
  const format = engine.name === 'podman' ? '{{.Client.Version}}' : '{{.Server.Version}}';
  const said = await callEngine(engine, ['version', '--format', format], 20_000);
  return said.code === 0 && said.stdout.trim() === engine.version;
}

async function adviseInstall(engine: Wishes['engine']): Promise<string> {
  const packages = engine === 'docker' ? ['docker.io'] : ['podman', 'slirp4netns'];
  const command = await installCommand(packages);
  return `There is no ${engine ?? 'container engine'} on this machine; install it with: ${command}`;
}
