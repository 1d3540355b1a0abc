import type { StoredJob } from '../../../shared/cluster/local/request-file.js';

/** One attempt at one run of a job. */
export interface RunPlan {
  readonly job: StoredJob;
  readonly item: number;
  readonly attempt: number;
  /** The container's name and its host's. */
  readonly name: string;
  /** Of the attempt: log and process ids. */
  readonly folder: string;
  /** Of the job: the files to mount. */
  readonly jobFolder: string;
}

/** What became of an attempt to start a container. */
export type RunStart =
  | { readonly kind: 'started'; readonly startedAt: string }
  /** The engine will never start it: it says why. */
  | {
      readonly kind: 'refused';
      readonly reason: 'ImageNotFound' | 'ClusterError';
      readonly message: string;
    }
  /** The engine was killed, or something else that may go better the next time. */
  | { readonly kind: 'disrupted'; readonly message: string };

/** How a container ended. */
export type RunEnd =
  | {
      readonly kind: 'ended';
      readonly exitCode: number;
      readonly finishedAt: string;
      /** Whose memory had run out, where the kernel killed for that. */
      readonly oom?: 'limit' | 'machine' | undefined;
    }
  | Extract<RunStart, { kind: 'refused' }>
  /** It, or what watches over it, was killed or removed by something else: nobody saw its end. */
  | { readonly kind: 'disrupted'; readonly message: string };

/** How an engine carries out runs. Containers go on when this process ends. */
export interface RunDriver {
  readonly logFormat: 'raw' | 'k8s-file';
  start(plan: RunPlan): Promise<RunStart>;
  /** Whether one that an earlier agent began to start was started. */
  rejoin(plan: RunPlan): Promise<RunStart>;
  /** Resolves when a started container has ended; for one that ended long ago too. */
  waitForEnd(plan: RunPlan): Promise<RunEnd>;
  /** Asks the containers to end (SIGTERM), and ends them after a grace time. */
  stop(names: readonly string[], graceSeconds: number): Promise<void>;
  /** Ends and removes containers; those that do not exist are no error. */
  remove(names: readonly string[]): Promise<void>;
  /** The names of all containers of this stack. */
  list(): Promise<string[]>;
  close(): void;
}
