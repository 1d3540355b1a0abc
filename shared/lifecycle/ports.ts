import type { Bus } from '../bus/port.js';
import type { Cluster } from '../cluster/port.js';
import type { Exporter } from '../export/port.js';
import type { Log } from '../log/create-log.js';
import type { LogFormat } from '../run/run-log-mark.js';
import type { Store } from '../store/port.js';

/** The limits and times that the lifecycle goes by. */
export interface LifecycleSettings {
  readonly buildCacheSeconds: number;
  readonly buildTimeoutSeconds: number;
  readonly runTimeoutSeconds: number;
  readonly outputLimitBytes: number;
  /** How runs are to write their logs; undefined: raw. */
  readonly logFormat?: LogFormat;
  /** Builds under way at once; undefined where the cluster queues by itself. */
  readonly maxBuilds?: number | undefined;
  /** Runs of all jobs under way at once; undefined where the cluster queues by itself. */
  readonly maxRuns?: number | undefined;
  /** Inspections that have not ended, from which on no more are accepted; undefined: no bound. */
  readonly maxInFlight?: number | undefined;
  /** Which Thoth builds may ask: by default, and at all. undefined: none. */
  readonly thoth?: { readonly host?: string | undefined; readonly hosts: readonly string[] };
}

/** Everything the life of an inspection touches; use cases get it injected. */
export interface Ports {
  readonly cluster: Cluster;
  readonly store: Store;
  readonly bus: Bus;
  readonly log: Log;
  readonly settings: LifecycleSettings;
  /** Where finished inspections are exported to; undefined: nowhere; elsewhere: by another process. */
  readonly exporter?: Exporter | 'elsewhere' | undefined;
  /** The current time; tests turn it. */
  now(): Date;
}
