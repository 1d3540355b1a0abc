import type { AdviceSummary } from './advice.js';
import type { BuildObservation, State } from './observation.js';
import type { Phase } from './phase.js';
import type { Reason } from './reason.js';
import type { Labels } from './specification.js';

/** How one run of the batch ended. */
export interface RunOutcome {
  readonly item: number;
  /** null where it never ran or nobody knows. */
  readonly exitCode: number | null;
  readonly reason?: Reason;
  readonly message?: string;
}

/** How the build ended, as kept in the inspection's record. */
export interface BuildOutcome {
  readonly state: State;
  readonly exitCode: number | null;
  readonly image?: string;
  readonly reason?: Reason;
  readonly message?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /** What came of asking Thoth, where advice was asked. */
  readonly advice?: AdviceSummary;
}

/** How the job ended. */
export interface JobOutcome {
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly runs: readonly RunOutcome[];
}

/** The stored state of an inspection: small, written with compare-and-set. Times are ISO 8601, UTC. */
export interface InspectionRecord {
  readonly id: string;
  readonly created: string;
  readonly phase: Phase;
  /** The build it uses, shared with others of the same stack. */
  readonly buildId: string;
  /** True where the image was there already when it was submitted. */
  readonly buildReused: boolean;
  readonly batchSize: number;
  /** True where there is a script; false: build only. */
  readonly hasScript: boolean;
  readonly sendMessages: boolean;
  readonly forceSync: boolean;
  /** Those of its specification; absent where there are none. */
  readonly labels?: Labels;
  /** The matrix that it is a variation of. */
  readonly matrixId?: string;
  readonly build?: BuildOutcome;
  readonly job?: JobOutcome;
  readonly cancelRequested?: boolean;
  readonly reason?: Reason;
  readonly message?: string;
  readonly finished?: string;
  /** Set once everything that it left is in the place that finished inspections are exported to. */
  readonly exportedAt?: string;
}

/** The stored state of a build, under its key: the latest generation of that stack. */
export interface BuildRecord {
  /** Identity of the stack: 32 hex digits. */
  readonly key: string;
  /** Counts from 1; a new one after the cache time, by force, or after a failure. */
  readonly generation: number;
  /** `build-<key>-<generation>` */
  readonly id: string;
  readonly created: string;
  /** Set once it has ended. */
  readonly outcome?: BuildObservation;
}
