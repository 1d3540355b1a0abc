import { join } from 'node:path';
import type { ClusterKind } from '../../shared/config/config.js';
import { rememberNats } from './leftover-nats.js';
import { probeHttp, probeNats } from './probe.js';
import { readNatsToken, type StackDirectory } from './stack-directory.js';
import type { ProcessPlan } from './supervised-process.js';

export const FUNCTIONS = ['submit', 'on-build-complete', 'on-job-complete', 'status'] as const;
/**
 * Little room for what lives a moment. Under 200 inspections at once on Kubernetes that took 25 MB off
 * the watcher, 45 off submit, and no CPU time more (`npm run bench -- kubernetes`, Node 20).
 */
const NODE_FLAGS = ['--max-semi-space-size=4'];
/**
 * glibc gives a buffer of more bytes than this back as soon as it is freed; by itself it raises the
 * bound up to 32 MB, and keeps what is below. That took 9 MB off the gateway, and 50 off on-job-complete
 * after outputs of 8 MiB (`npm run bench -- memory`).
 */
const MALLOC = { MALLOC_MMAP_THRESHOLD_: '131072' };
export const SERVICES = ['local-cluster', 'watcher', 'connector', 'gateway'] as const;

/** The cluster that a stack works with. */
export interface StackCluster {
  readonly kind: ClusterKind;
  /** What `amun up` was told of it: variables for every process, beside its own environment. */
  readonly settings: Readonly<Record<string, string>>;
}

/** nats-server first; then everything else at once. */
export interface StackPlan {
  readonly nats: ProcessPlan;
  readonly others: readonly ProcessPlan[];
  /** Names in the order of the end; those of one group end together. */
  readonly endOrder: readonly (readonly string[])[];
}

export interface StackPorts {
  readonly gateway: number;
  readonly nats: number;
  /** By name of function or service: where it serves itself, or its health. */
  readonly own: ReadonlyMap<string, number>;
}

/** How many ports of 127.0.0.1 a stack needs besides the gateway's. */
export const PORT_COUNT = 1 + FUNCTIONS.length + SERVICES.length;

/** Deals out `PORT_COUNT` free ports. */
export function assignPorts(gateway: number, free: readonly number[]): StackPorts {
  const [nats = 0, ...rest] = free;
  const names = [...FUNCTIONS, ...SERVICES];
  return { gateway, nats, own: new Map(names.map((name, index) => [name, rest[index] ?? 0])) };
}

/**
 * The processes of a stack on one machine.
 *
 * @param programs the folder of the built programs
 * @param natsServer path of nats-server
 * @param cluster builds and runs are carried out there; default: on this machine
 */
export function planStack(
  stack: StackDirectory,
  ports: StackPorts,
  programs: string,
  natsServer: string,
  cluster: StackCluster = { kind: 'local', settings: {} },
): StackPlan {
  const portOf = (name: string): number => ports.own.get(name) ?? 0;
  const shared = {
    ...MALLOC,
    AMUN_DIR: stack.root,
    AMUN_NATS_URL: `nats://127.0.0.1:${ports.nats}`,
    AMUN_NATS_TOKEN: '',
    AMUN_NATS_TOKEN_FILE: stack.natsToken,
    AMUN_CLUSTER: cluster.kind,
    ...cluster.settings,
    AMUN_PORT: String(ports.gateway),
    AMUN_GATEWAY_URL: `http://127.0.0.1:${ports.gateway}`,
    AMUN_FUNCTIONS: FUNCTIONS.map((name) => `${name}=http://127.0.0.1:${portOf(name)}`).join(','),
  };
  const program = (name: string, args: readonly string[]) => ({
    name,
    command: process.execPath,
    args: [...NODE_FLAGS, ...args],
    environment: { ...shared, AMUN_LISTEN_PORT: String(portOf(name)) },
    logFile: join(stack.logs, `${name}.log`),
    followsParent: true,
  });
  const host = join(programs, 'services', 'function-host.js');
  const functions = FUNCTIONS.map((name) => ({
    ...program(name, [host, join(programs, 'functions', name, 'handler.js')]),
    probe: probeHttp(portOf(name), '/_/health'),
  }));
  const services = servicesFor(cluster.kind).map((name) => ({
    ...program(name, [join(programs, 'services', `${name}.js`)]),
    probe: probeHttp(name === 'gateway' ? ports.gateway : portOf(name), '/healthz'),
  }));
  return {
    nats: {
      name: 'nats-server',
      command: natsServer,
      args: ['-c', stack.natsConfig],
      environment: {},
      logFile: join(stack.logs, 'nats-server.log'),
      followsParent: false,
      probe: probeNats(ports.nats, readNatsToken(stack)),
      onStart: (pid) => rememberNats(stack, pid),
    },
    others: [...functions, ...services],
    // First what lets work in, then what does it, then what it is done on.
    endOrder: [['gateway', 'connector'], [...FUNCTIONS, 'watcher'], ['local-cluster']],
  };
}

/** Another cluster than this machine has its own agents. */
function servicesFor(kind: ClusterKind): string[] {
  return SERVICES.filter((name) => name !== 'local-cluster' || kind === 'local');
}
