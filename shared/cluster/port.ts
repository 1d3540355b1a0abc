import type { BuildContext, ContextFile } from '../inspection/build-context.js';
import type { BuildObservation, JobObservation } from '../inspection/observation.js';
import type { EnvironmentVariable, Requests } from '../inspection/specification.js';

/** A build to be made; everything in the cluster is named after its id. */
export interface BuildRequest {
  /** `build-<32 hex>-<generation>`: a DNS label. */
  readonly id: string;
  readonly context: BuildContext;
  readonly requests: Requests;
  readonly timeoutSeconds: number;
  /**
   * Builds of one key may take layers from each other, where the cluster keeps any; without one,
   * everything is made anew. At most 64 characters of a-z, 0-9 and -.
   */
  readonly cacheKey?: string;
}

/** A job: `batchSize` runs of the same script in the same image. Named after its inspection. */
export interface JobRequest {
  /** The inspection's id: a DNS label. */
  readonly id: string;
  /** As BuildObservation.image gave it. */
  readonly image: string;
  readonly batchSize: number;
  /** Mounted read-only into every run; absolute paths. */
  readonly files: readonly ContextFile[];
  /** Runs to its end before `command`, in the same image with the same files and /home/amun/hwinfo. */
  readonly init: readonly string[];
  /** The run's process 1, whatever entrypoint the image has. Runs as user 1042 in /home/amun, which it may write. */
  readonly command: readonly string[];
  readonly environment: readonly EnvironmentVariable[];
  readonly requests: Requests;
  /** Of each run, from its start. */
  readonly timeoutSeconds: number;
}

/** Whose log: a build's, or one run's. */
export type LogTarget =
  { readonly build: string } | { readonly job: string; readonly item: number };

export interface LogOptions {
  /** Bytes to leave out at the beginning. Default 0. */
  readonly offset?: number;
  /** Go on until the build or run has ended. Default false: what there is now. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

/** One thing of ours, by kind and id. */
export interface ClusterRef {
  readonly kind: 'build' | 'job';
  readonly id: string;
}

/**
 * What a watch yields: first every object of ours that is not collected, then `synced`, then each
 * change. An object may come again unchanged; nothing that ended is left out.
 */
export type WatchEvent =
  | { readonly kind: 'build'; readonly id: string; readonly observation: BuildObservation }
  | { readonly kind: 'job'; readonly id: string; readonly observation: JobObservation }
  | { readonly kind: 'gone'; readonly ref: ClusterRef }
  | { readonly kind: 'synced' };

/** What `check` found out. */
export interface ClusterHealth {
  /** One line for people: engine and version, or server and namespace. */
  readonly description: string;
  readonly ready: boolean;
  /** What is missing, with the command that mends it, where not ready. */
  readonly problem?: string;
}

/**
 * The cluster in Amun's words. Adapters translate every failure at this boundary into an
 * AmunError: NotFound, AlreadyExists, Unavailable (try again), Forbidden, InvalidRequest.
 * Builds and jobs go on whatever happens to the process that asked for them.
 */
export interface Cluster {
  /** Asks for a build. One that exists already under this id is success. */
  ensureBuild(request: BuildRequest): Promise<void>;
  /** Asks for a job. One that exists already under this id is success. */
  ensureJob(request: JobRequest): Promise<void>;
  /**
   * Starts again what is stalled: makes what was never made, and tries again what a disruption took
   * away. Nothing stalled, or unknown: nothing.
   */
  resume(ref: ClusterRef): Promise<void>;
  /** undefined where the cluster knows no such build; read live, never from a cache. */
  observeBuild(id: string): Promise<BuildObservation | undefined>;
  observeJob(id: string): Promise<JobObservation | undefined>;
  /** The log's raw bytes. Throws NotFound where the cluster knows no such build or run. */
  logs(target: LogTarget, options?: LogOptions): AsyncIterable<Uint8Array>;
  /** Ends by the signal only; connection trouble is dealt with inside. */
  watch(signal: AbortSignal): AsyncIterable<WatchEvent>;
  /**
   * Why this cluster can never meet the requests of a build, or of a job's runs ("no machine has
   * cpu_family 23; this one has 6"); undefined where it can, or where it may later.
   */
  whyUnschedulable(kind: ClusterRef['kind'], requests: Requests): Promise<string | undefined>;
  /** True while a run can still be started from the image. */
  hasImage(image: string): Promise<boolean>;
  /** Ends a build or job that is under way: it terminates with reason Cancelled. Unknown: nothing. */
  cancel(ref: ClusterRef): Promise<void>;
  /**
   * Says that nothing more is wanted of it: watches leave it out, what still runs is ended, and the
   * cluster may remove it. Unknown: nothing.
   */
  collected(ref: ClusterRef): Promise<void>;
  check(): Promise<ClusterHealth>;
}
