import type { AdviceSummary } from './advice.js';
import type { Reason } from './reason.js';

/** What a cluster says of something of ours, in the words of the API's clients. */
export type State = 'waiting' | 'running' | 'terminated';

interface Observed {
  readonly state: State;
  /** Set where it ended otherwise than well, or waits for something that is wrong. */
  readonly reason?: Reason;
  /** The cluster's own words. */
  readonly message?: string;
  /** ISO 8601, UTC. */
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /**
   * Set where nothing carries it any more, though it has not ended: what carried it was never made,
   * or was taken away from its machine. The cluster's `resume` starts that again.
   */
  readonly stalled?: true;
  /** Set where the cluster has no room for it now: others have to end first. */
  readonly held?: true;
  /** The cluster's own queue that it waits in: time alone changes nothing then. */
  readonly queue?: string;
}

export interface BuildObservation extends Observed {
  /** Exit code of the build; 0 for a good one. Present once terminated. */
  readonly exitCode?: number;
  /** The built image, by digest or id; present once the build succeeded. */
  readonly image?: string;
  /** Place in the queue, 1 is next; only while waiting for its turn. */
  readonly position?: number;
  /** What came of asking Thoth: not the cluster's word, but that of the log, once it is stored. */
  readonly advice?: AdviceSummary;
}

export interface RunObservation extends Observed {
  /** From 0 to batch_size - 1. */
  readonly item: number;
  readonly exitCode?: number;
}

/** A job's state: waiting until its first run starts, terminated when its last one has ended. */
export interface JobObservation extends Observed {
  /** Every run of the batch, in order of item. */
  readonly runs: readonly RunObservation[];
  /** Place in the queue, 1 is next; only while waiting for its turn. */
  readonly position?: number;
}
