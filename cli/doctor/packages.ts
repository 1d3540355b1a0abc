import { readFile } from 'node:fs/promises';
import { installCommand } from '../../shared/cluster/local/engine/install-advice.js';
import type { Machine } from './finding.js';

/** What Amun may need of a system, by what it is for. */
export type Need = 'nats-server' | 'engine' | 'runtime' | 'network' | 'debootstrap';

type Packages = Readonly<Record<Need, readonly string[]>>;

const COMMON: Packages = {
  'nats-server': ['nats-server'],
  engine: ['podman'],
  runtime: ['runc'],
  network: ['slirp4netns'],
  debootstrap: ['debootstrap'],
};

/** Debian's podman leaves to others what it needs without root, and to start anything at all. */
const DEBIAN: Packages = {
  ...COMMON,
  engine: ['podman', 'runc', 'catatonit', 'slirp4netns', 'uidmap', 'fuse-overlayfs'],
};

/** Families whose repositories have no nats-server. */
const WITHOUT_NATS = /^ID(_LIKE)?=.*\b(fedora|rhel|centos|suse|opensuse)\b/m;

const NATS_RELEASES = 'https://github.com/nats-io/nats-server/releases';

/** The packages for a need on this machine; none where its system has no such package. */
export async function packagesFor(need: Need, machine: Machine): Promise<readonly string[]> {
  const osRelease = await readFile(machine.osRelease, 'utf8').catch(() => '');
  if (machine.platform !== 'darwin' && need === 'nats-server' && WITHOUT_NATS.test(osRelease)) {
    return [];
  }
  return (/^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(osRelease) ? DEBIAN : COMMON)[need];
}

/** The command that installs packages here. */
export async function installHere(packages: readonly string[], machine: Machine): Promise<string> {
  if (machine.platform === 'darwin') return `brew install ${packages.join(' ')}`;
  return await installCommand(packages, machine.osRelease);
}

/** What to do about a missing need, and the packages that do it. */
export async function remedyFor(
  need: Need,
  machine: Machine,
): Promise<{ readonly remedy: string; readonly packages?: readonly string[] }> {
  const packages = await packagesFor(need, machine);
  if (packages.length > 0) return { remedy: await installHere(packages, machine), packages };
  return { remedy: `put ${need} of ${NATS_RELEASES} into /usr/local/bin` };
}
