import { resolve } from 'node:path';
import { AmunError } from '../errors/amun-error.js';
import type { LogFormat } from '../run/run-log-mark.js';
import { loadExportConfig, type ExportConfig } from './export-config.js';
import { loadKubernetesConfig, type KubernetesConfig } from './kubernetes-config.js';
import { readSecret } from './read-secret.js';
import { loadThothConfig, type ThothConfig } from './thoth-config.js';
import { readList, readNumber, readPairs, readText, type Environment } from './read-variable.js';

/** Which adapter carries builds and runs. */
export const CLUSTER_KINDS = ['local', 'kubernetes', 'openshift'] as const;

export type ClusterKind = (typeof CLUSTER_KINDS)[number];

/** Everything that can be set from outside; docs/configuration.md lists the variables. */
export interface Config {
  /** All state of a stack on one machine: NATS' files, the local cluster, logs, secrets. */
  readonly directory: string;
  readonly cluster: ClusterKind;
  readonly nats: {
    readonly url: string;
    readonly token: string | undefined;
    /** Copies of each stream in a cluster of servers. */
    readonly replicas: number;
  };
  /** Where the gateway listens. */
  readonly gateway: { readonly host: string; readonly port: number; readonly url: string };
  /** Hosts besides loopback names that requests may be addressed to. */
  readonly allowedHosts: readonly string[];
  /** Address of this process's own server: health and metrics, or a function. */
  readonly listenHost: string;
  /** Its port; 0: any free one. */
  readonly listenPort: number;
  readonly logLevel: string;
  /** How long a finished build serves further inspections of the same stack. */
  readonly buildCacheSeconds: number;
  readonly buildTimeoutSeconds: number;
  readonly runTimeoutSeconds: number;
  /** Of each of a run's two streams, bytes. */
  readonly outputLimitBytes: number;
  /** How runs write their logs: Kubernetes keeps them line by line, so lines are bounded there. */
  readonly logFormat: LogFormat;
  /** Builds, and runs of all jobs, under way at once; undefined: as many as the cluster takes. */
  readonly maxBuilds: number | undefined;
  readonly maxRuns: number | undefined;
  /** Inspections in flight from which on no more are accepted; undefined: no bound. */
  readonly maxInFlight: number | undefined;
  /** Functions by name, and where each is served: "submit=http://127.0.0.1:9001,…". */
  readonly functions: Readonly<Record<string, string>>;
  /** Topics by function, besides those that the gateway tells of: "on-job-complete=amun.job.complete,…". */
  readonly topics: Readonly<Record<string, string>>;
  readonly operator: OperatorConfig;
  readonly local: LocalConfig;
  readonly kubernetes: KubernetesConfig;
  /** Where finished inspections are exported to; undefined: nowhere. */
  readonly s3: ExportConfig | undefined;
  /** Which Thoth builds may ask for advice. */
  readonly thoth: ThothConfig;
}

/** What the operator's network needs; it reaches builds and runs, and never an image. */
export interface OperatorConfig {
  /** Path of a PEM file with the CA certificates that builds and runs are to trust besides. */
  readonly caBundle: string | undefined;
  /**
   * HTTP_PROXY, HTTPS_PROXY, NO_PROXY and PIP_INDEX_URL, those that are set; THOTH_TLS_VERIFY=false
   * where Thoth's certificate does not count.
   */
  readonly environment: Readonly<Record<string, string>>;
}

/** The local cluster's own settings; what is undefined is found out from the machine. */
export interface LocalConfig {
  readonly engine: 'podman' | 'docker' | undefined;
  readonly cpus: number | undefined;
  readonly memory: string | undefined;
  readonly network: string | undefined;
}

const OPERATOR_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'PIP_INDEX_URL'];

/** Reads the configuration from the environment; throws InvalidRequest naming the variable. */
export function loadConfig(environment: Environment = process.env): Config {
  const host = readText(environment, 'AMUN_HOST') ?? '127.0.0.1';
  const port = readNumber(environment, 'AMUN_PORT', 8080, { min: 0, max: 65535 });
  const hour = 3600;
  const mebibyte = 1024 * 1024;
  const cluster = readCluster(environment);
  const isLocal = cluster === 'local';
  const thoth = loadThothConfig(environment);
  return {
    directory: resolve(readText(environment, 'AMUN_DIR') ?? '.amun'),
    cluster,
    nats: {
      url: readText(environment, 'AMUN_NATS_URL') ?? 'nats://127.0.0.1:4222',
      token: readSecret(environment, 'AMUN_NATS_TOKEN', 'amun-nats-token'),
      replicas: readNumber(environment, 'AMUN_NATS_REPLICAS', 1, { min: 1, max: 5 }),
    },
    gateway: {
      host,
      port,
      url: readText(environment, 'AMUN_GATEWAY_URL') ?? `http://127.0.0.1:${port}`,
    },
    allowedHosts: readList(environment, 'AMUN_ALLOWED_HOSTS'),
    listenHost: readText(environment, 'AMUN_LISTEN_HOST') ?? '127.0.0.1',
    listenPort: readNumber(environment, 'AMUN_LISTEN_PORT', 0, { min: 0, max: 65535 }),
    logLevel: readText(environment, 'AMUN_LOG_LEVEL') ?? 'info',
    buildCacheSeconds: readNumber(environment, 'AMUN_BUILD_CACHE_SECONDS', 3 * hour, { min: 0 }),
    buildTimeoutSeconds: readNumber(environment, 'AMUN_BUILD_TIMEOUT_SECONDS', 2 * hour, {
      min: 1,
    }),
    runTimeoutSeconds: readNumber(environment, 'AMUN_RUN_TIMEOUT_SECONDS', 4 * hour, { min: 1 }),
    // Kubernetes throws a log's beginning away once it has 10 MiB: both streams are to fit.
    outputLimitBytes: readNumber(environment, 'AMUN_OUTPUT_LIMIT', (isLocal ? 8 : 4) * mebibyte, {
      min: 1024,
      max: 64 * mebibyte,
    }),
    logFormat: isLocal ? 'raw' : 'lines',
    maxBuilds: readOptionalNumber(environment, 'AMUN_MAX_BUILDS', 1),
    maxRuns: readOptionalNumber(environment, 'AMUN_MAX_RUNS', 1),
    maxInFlight: readOptionalNumber(environment, 'AMUN_MAX_IN_FLIGHT', 1),
    functions: readPairs(environment, 'AMUN_FUNCTIONS', 'URL'),
    topics: readPairs(environment, 'AMUN_TOPICS', 'TOPIC'),
    operator: readOperator(environment, thoth),
    kubernetes: loadKubernetesConfig(environment),
    s3: loadExportConfig(environment),
    thoth,
    local: {
      engine: readEngine(environment),
      cpus: readOptionalNumber(environment, 'AMUN_CPUS'),
      memory: readText(environment, 'AMUN_MEMORY'),
      network: readText(environment, 'AMUN_NETWORK'),
    },
  };
}

function readCluster(environment: Environment): ClusterKind {
  const kind = readText(environment, 'AMUN_CLUSTER') ?? 'local';
  const known = CLUSTER_KINDS.find((name) => name === kind);
  if (known !== undefined) return known;
  throw new AmunError(
    'InvalidRequest',
    `AMUN_CLUSTER is "${kind}"; write ${CLUSTER_KINDS.join(' or ')}.`,
  );
}

function readEngine(environment: Environment): LocalConfig['engine'] {
  const engine = readText(environment, 'AMUN_ENGINE');
  if (engine === undefined || engine === 'podman' || engine === 'docker') return engine;
  throw new AmunError('InvalidRequest', `AMUN_ENGINE is "${engine}"; write podman or docker.`);
}

function readOperator(environment: Environment, thoth: ThothConfig): OperatorConfig {
  const settings = OPERATOR_VARIABLES.flatMap((name) => {
    const value = readText(environment, name) ?? readText(environment, name.toLowerCase());
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    caBundle:
      readText(environment, 'AMUN_CA_BUNDLE') ??
      readText(environment, 'SSL_CERT_FILE') ??
      readText(environment, 'NODE_EXTRA_CA_CERTS'),
    environment: {
      ...Object.fromEntries(settings),
      ...(thoth.tlsVerify ? {} : { THOTH_TLS_VERIFY: 'false' }),
    },
  };
}

function readOptionalNumber(environment: Environment, name: string, min = 0): number | undefined {
  return readText(environment, name) === undefined
    ? undefined
    : readNumber(environment, name, 0, { min });
}
