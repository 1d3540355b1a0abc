import { mkdir, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { callEngine } from './call-engine.js';
import {
  readProcessLimits,
  REGISTRIES_CONF,
  SMALL_LIMITS,
  writeContainersConf,
  type ContainersConf,
} from './containers-conf.js';
import type { Engine } from './engine.js';
import { parsePodmanInfo, type PodmanInfo } from './podman-info.js';
import { tryBuild, tryRun, type Trial } from './trial.js';

/** An engine that works, or why it does not. */
export type Probed = { readonly engine: Engine } | { readonly problem: string };

const RUNTIMES = ['crun', 'runc'];

/**
 * Finds out by real containers (from an empty root with the machine's own /usr mounted, so no image
 * is needed) which runtime, network, limits and isolation of builds work here. Takes about a second;
 * `folder` gets our configuration files.
 */
export async function probePodman(
  folder: string,
  forcedNetwork: string | undefined,
): Promise<Probed | undefined> {
  await mkdir(folder, { recursive: true });
  const conf = path.join(folder, 'containers.conf');
  const limits = await readProcessLimits();
  const cgroupManager = userInfo().uid === 0 ? ('cgroupfs' as const) : undefined;
  const configure = (choice: Omit<ContainersConf, 'cgroupManager'>): Promise<void> =>
    writeFile(conf, writeContainersConf({ ...choice, cgroupManager }));
  await configure({ limits });
  const base = { name: 'podman', environment: { CONTAINERS_CONF: conf } } as const;

  const said = await callEngine(base, ['info', '--format', 'json'], 30_000);
  if (said.isMissing) return undefined;
  if (said.code !== 0) return { problem: `podman does not work: ${lastLine(said.stderr)}` };
  const info = parsePodmanInfo(said.stdout);
  const environment = { ...base.environment, ...(await nameRegistries(folder, info)) };
  const cli = { name: 'podman', environment } as const;

  const trialFolder = path.join(folder, 'trial');
  try {
    const problems: string[] = [];
    const others = RUNTIMES.filter((name) => name !== info.runtime);
    const choices = [
      { limits },
      ...[undefined, ...others].map((runtime) => ({ runtime, limits: SMALL_LIMITS })),
    ];
    for (const choice of choices) {
      await configure(choice);
      const run = await findRun(cli, trialFolder, info, forcedNetwork, problems);
      const build = run && (await findBuild(cli, trialFolder, info, forcedNetwork, problems));
      if (run === undefined || build === undefined) continue;
      const engine = { ...cli, version: info.version, ...run, buildArguments: build };
      return { engine: { ...engine, hasCgroupParents: !info.isRootless, ...storageOf(info) } };
    }
    return { problem: `podman cannot start a container here: ${problems[0] ?? 'no reason given'}` };
  } finally {
    await rm(trialFolder, { recursive: true, force: true });
  }
}

async function findRun(
  cli: Pick<Engine, 'name' | 'environment'>,
  folder: string,
  info: PodmanInfo,
  forcedNetwork: string | undefined,
  problems: string[],
): Promise<Pick<Engine, 'runNetwork' | 'hasLimits'> | undefined> {
  const networks = forcedNetwork === undefined ? networksFor(info) : [forcedNetwork];
  for (const hasLimits of [true, false]) {
    for (const runNetwork of networks) {
      const trial = await tryRun(cli, folder, { network: runNetwork, hasLimits });
      if (trial.works) return { runNetwork, hasLimits };
      problems.push(lastLine(trial.said));
    }
  }
  return undefined;
}

/** The host's own network comes last: a run on it reaches what listens on the host's loopback. */
function networksFor(info: PodmanInfo): string[] {
  const slirp = info.hasSlirp4netns ? ['slirp4netns'] : [];
  return info.isRootless ? ['pasta', ...slirp, 'host'] : [...slirp, 'bridge', 'host'];
}

async function findBuild(
  cli: Pick<Engine, 'name' | 'environment'>,
  folder: string,
  info: PodmanInfo,
  forcedNetwork: string | undefined,
  problems: string[],
): Promise<readonly string[] | undefined> {
  const isolation = info.isRootless ? 'rootless' : 'oci';
  const candidates = [
    ...(forcedNetwork === 'host' ? [] : [['--isolation', isolation]]),
    ['--isolation', isolation, '--network', 'host'],
    ['--isolation', 'chroot'],
  ];
  for (const args of candidates) {
    const trial: Trial = await tryBuild(cli, folder, args);
    if (trial.works) return args;
    problems.push(lastLine(trial.said));
  }
  return undefined;
}

async function nameRegistries(folder: string, info: PodmanInfo): Promise<Record<string, string>> {
  if (info.searchRegistries.length > 0) return {};
  const file = path.join(folder, 'registries.conf');
  await writeFile(file, REGISTRIES_CONF);
  return { CONTAINERS_REGISTRIES_CONF: file };
}

/** Paths that podman has kept since its second major version; they save a call for every run. */
function storageOf(info: PodmanInfo): Pick<Engine, 'storage'> {
  if (info.graphRoot === '' || info.graphDriver === '') return {};
  const folder = path.join(info.graphRoot, info.graphDriver);
  const exits = info.isRootless
    ? path.join(path.dirname(info.runRoot), 'libpod', 'tmp', 'exits')
    : '/run/libpod/exits';
  return { storage: { images: `${folder}-images`, containers: `${folder}-containers`, exits } };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
