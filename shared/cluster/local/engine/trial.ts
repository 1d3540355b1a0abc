import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { orUndefined } from '../atomic-file.js';
import { callEngine } from './call-engine.js';
import type { Engine } from './engine.js';

/** Whether something worked, and what the engine said. */
export interface Trial {
  readonly works: boolean;
  readonly said: string;
}

type Cli = Pick<Engine, 'name' | 'environment'>;

const TIMEOUT_MS = 30_000;
/** What a shell of the machine needs to run. */
const SYSTEM_FOLDERS = ['/usr', '/bin', '/lib', '/lib64'];

/** Runs a shell as runs are run, and sees whether it has a way out into the network. */
export async function tryRun(
  cli: Cli,
  folder: string,
  { network, hasLimits }: { readonly network: string; readonly hasLimits: boolean },
): Promise<Trial> {
  const root = path.join(folder, 'root');
  await mkdir(root, { recursive: true });
  const limits = ['--memory', '64m', '--memory-swap', '64m', '--cpus', '0.5', '--pids-limit', '64'];
  const result = await callEngine(
    cli,
    [
      ...['run', '--rm', '--network', network, '--user', '1042:0', '--cap-drop', 'all'],
      ...['--security-opt', 'no-new-privileges', ...(hasLimits ? limits : [])],
      ...(await mountsOfSystem()),
      ...[
        '--rootfs',
        root,
        '/bin/sh',
        '-c',
        'while read -r l; do echo "$l"; done </proc/net/route',
      ],
    ],
    TIMEOUT_MS,
  );
  if (result.code !== 0) return { works: false, said: result.stderr };
  // A line for each route; the default one has destination 00000000.
  const hasWayOut = network === 'none' || /^\S+\s+00000000\s/m.test(result.stdout);
  return { works: hasWayOut, said: `network ${network} has no route to the outside` };
}

/** Builds an image with one step, and removes it. */
export async function tryBuild(cli: Cli, folder: string, args: readonly string[]): Promise<Trial> {
  const context = path.join(folder, 'context');
  const idFile = path.join(folder, 'image-id');
  await mkdir(context, { recursive: true });
  await writeFile(path.join(context, 'Dockerfile'), 'FROM scratch\nRUN ["/bin/sh", "-c", ":"]\n');
  const result = await callEngine(
    cli,
    [
      ...['build', '--layers=false', '--iidfile', idFile, ...args],
      ...[...(await mountsOfSystem()), context],
    ],
    TIMEOUT_MS,
  );
  const id = await orUndefined(readFile(idFile, 'utf8'));
  if (id !== undefined) await callEngine(cli, ['rmi', '--force', id.trim()]);
  return { works: result.code === 0, said: result.stderr };
}

async function mountsOfSystem(): Promise<string[]> {
  const present = await Promise.all(
    SYSTEM_FOLDERS.map((name) => orUndefined(access(name).then(() => name))),
  );
  return present.flatMap((name) => (name === undefined ? [] : ['--volume', `${name}:${name}:ro`]));
}
