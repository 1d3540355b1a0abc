import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalCluster } from '../../shared/cluster/local/create-local-cluster.js';
import type { LocalConfig } from '../../shared/config/config.js';
import { findProgram } from '../find-program.js';
import type { Finding, Machine } from './finding.js';
import { installHere, packagesFor, remedyFor } from './packages.js';

const NAME = 'container engine';

/** podman or docker: whether a container really starts here. */
export async function checkContainerEngine(
  machine: Machine,
  config: LocalConfig,
): Promise<Finding> {
  const find = (name: string): boolean =>
    findProgram(name, machine.path, machine.systemFolders) !== undefined;
  if (!find('podman') && !find('docker')) {
    const remedy = await remedyFor('engine', machine);
    return { name: NAME, ok: false, needed: true, detail: 'neither podman nor docker', ...remedy };
  }
  const { ready, description, problem } = await tryEngine(machine, config);
  if (ready) return { name: NAME, ok: true, needed: true, detail: description };
  const detail = problem ?? 'it does not work';
  // What most often is missing beside podman itself.
  const absent = [
    ...(find('runc') ? [] : await packagesFor('runtime', machine)),
    ...(find('slirp4netns') ? [] : await packagesFor('network', machine)),
  ];
  if (machine.platform === 'darwin' || absent.length === 0 || !find('podman')) {
    return { name: NAME, ok: false, needed: true, detail, remedy: adviceFor(machine) };
  }
  const remedy = await installHere(absent, machine);
  return { name: NAME, ok: false, needed: true, detail, remedy, packages: absent };
}

function adviceFor(machine: Machine): string {
  return machine.platform === 'darwin'
    ? 'podman machine init && podman machine start'
    : 'see what `podman info` says, or choose docker with AMUN_ENGINE=docker';
}

/** In the stack's own folder where there is one, so that what was found out is kept. */
async function tryEngine(
  machine: Machine,
  { engine, network }: LocalConfig,
): Promise<{ ready: boolean; description: string; problem?: string }> {
  const known = existsSync(machine.directory);
  const directory = known ? machine.directory : await mkdtemp(join(tmpdir(), 'amun-doctor-'));
  try {
    return await createLocalCluster({ directory, engine, network }).check();
  } finally {
    if (!known) await rm(directory, { recursive: true, force: true });
  }
}
