import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface RealkubeOptions {
  /** Simulated nodes: pods on them end without containers. Default 0. */
  readonly fakeNodes?: number;
  /** The first so many simulated nodes have GPUs. */
  readonly fakeGpuNodes?: number;
  /** A node with kubelet, containerd and runc; needs root. One at a time on a machine: waits for it. */
  readonly node?: boolean;
  /** A container registry in plain HTTP. */
  readonly registry?: boolean;
  /** Services and DNS for the real node's pods. */
  readonly proxy?: boolean;
}

/** A Kubernetes of a test's own. */
export interface Realkube {
  readonly dir: string;
  readonly kubeconfig: string;
  /** Where the registry listens on this machine's loopback interface; undefined without one. */
  readonly registryPort: number | undefined;
  /** What kubectl prints; throws with what it complains of. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
  /** Another command of realkube on this cluster: run('image', '--archive', file). */
  run(command: string, ...args: string[]): Promise<string>;
  /** SIGKILL; the component ("apiserver", "etcd", …) stays dead. */
  kill(component: string): Promise<void>;
  /** Starts a component again; resolves once it answers. */
  restart(component: string): Promise<void>;
  /** Ends all of it and removes its files. */
  stop(): Promise<void>;
}

const NODE_LOCK = join(tmpdir(), 'amun-realkube-node.lock');
/** Ends the cluster once nobody holds the other end of its input. */
const GUARD =
  'echo ready; cat > /dev/null; "$1" down --dir "$2" --purge; code=$?; rm -rf "$2"; exit $code';
const OUTPUT = { maxBuffer: 64 * 1024 * 1024 };
const run = promisify(execFile);

/**
 * `describe` for tests that need a Kubernetes of their own: skipped, with one line, where there is
 * no realkube, and those with a real node where that is impossible. No failure where CI=true either:
 * it cannot be installed from any registry.
 */
export function requireRealkube(options: Pick<RealkubeOptions, 'node'> = {}): jest.Describe {
  const missing = whyMissing(options.node === true);
  if (missing === undefined) return describe;
  process.stderr.write(`${missing}: tests on a real Kubernetes are skipped\n`);
  // No registry has it, so that nothing could install it.
  return describe.skip;
}

/** Starts a cluster in a folder of its own; five seconds or so. */
export async function startRealkube(options: RealkubeOptions = {}): Promise<Realkube> {
  const program = findRealkube();
  if (program === undefined) throw new Error('realkube was not found');
  const dir = await mkdtemp(join(tmpdir(), 'amun-realkube-'));
  const guard = await startGuard(program, dir, options.node === true);
  const stop = async (): Promise<void> => {
    if (guard.exitCode !== null) return;
    const exited = once(guard, 'exit');
    guard.stdin?.end();
    const [code] = (await exited) as [number | null];
    if (code !== 0) throw new Error(`realkube down ended with ${code}`);
  };
  const call = async (command: string, ...args: string[]): Promise<string> => {
    const { stdout } = await run(program, [command, '--dir', dir, ...args], OUTPUT);
    return stdout;
  };
  const kubeconfig = join(dir, 'kubeconfig');
  try {
    await call('up', '--detach', ...flagsOf(options));
    return {
      dir,
      kubeconfig,
      registryPort: options.registry === true ? await readRegistryPort(dir) : undefined,
      async kubectl(args, input = '') {
        const running = run(program, ['kubectl', '--kubeconfig', kubeconfig, ...args], OUTPUT);
        running.child.stdin?.end(input);
        return (await running).stdout;
      },
      run: call,
      async kill(component) {
        await run(program, ['kill', component, '--dir', dir]);
      },
      async restart(component) {
        await run(program, ['restart', component, '--dir', dir]);
      },
      stop,
    };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

/**
 * A process that ends the cluster when this one lets go of it, or dies. With a node it first waits
 * until no other test has one.
 */
async function startGuard(program: string, dir: string, node: boolean): Promise<ChildProcess> {
  const shell = ['sh', '-c', GUARD, 'sh', program, dir];
  const [command, ...args] = node ? ['flock', NODE_LOCK, ...shell] : shell;
  // A group of its own: what ends the tests from a terminal does not end it.
  const guard = spawn(command!, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  await Promise.race([
    once(guard.stdout, 'data'),
    once(guard, 'exit').then(() => Promise.reject(new Error(`${command} cannot be run`))),
  ]);
  return guard;
}

function flagsOf(options: RealkubeOptions): string[] {
  const { fakeNodes = 0, fakeGpuNodes = 0, node, registry, proxy } = options;
  return [
    ...(fakeNodes > 0 ? ['--fake-nodes', String(fakeNodes)] : []),
    ...(fakeGpuNodes > 0 ? ['--fake-gpu-nodes', String(fakeGpuNodes)] : []),
    ...(node === true ? ['--node'] : []),
    ...(registry === true ? ['--registry'] : []),
    ...(proxy === true ? ['--proxy'] : []),
  ];
}

export function findRealkube(): string | undefined {
  const named = process.env['REALKUBE_BIN'];
  if (named) return existsSync(named) ? named : undefined;
  const cached = join(homedir(), '.cache', 'realkube', 'realkube');
  if (existsSync(cached)) return cached;
  const { status, stdout } = spawnSync('sh', ['-c', 'command -v realkube'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

function whyMissing(node: boolean): string | undefined {
  if (findRealkube() === undefined) return 'realkube not found (REALKUBE_BIN, or the PATH)';
  if (!node) return undefined;
  if (process.getuid?.() !== 0) return 'a real node needs root';
  const { status } = spawnSync('sh', ['-c', 'command -v containerd && command -v runc']);
  return status === 0 ? undefined : 'a real node needs containerd and runc';
}

async function readRegistryPort(dir: string): Promise<number> {
  const text = await readFile(join(dir, 'cluster.json'), 'utf8');
  const { Ports } = JSON.parse(text) as { Ports: Readonly<Record<string, number>> };
  return Ports['registry']!;
}
