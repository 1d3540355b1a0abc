import { jobOfRuns } from '../../inspection/job-of-runs.js';
import type {
  BuildObservation,
  JobObservation,
  RunObservation,
} from '../../inspection/observation.js';
import type { Reason } from '../../inspection/reason.js';

/** What the agent keeps in a build's status.json. */
export interface BuildStatus {
  /** Counts from 1; 0 before the first. Each has a log of its own. */
  readonly attempt: number;
  readonly observation: BuildObservation;
}

/** What the agent keeps of each run. */
export interface RunStatus {
  readonly attempt: number;
  /** How the engine writes this attempt's log. */
  readonly logFormat?: 'raw' | 'k8s-file';
  /** Set once the agent has begun to end it: the reason it will terminate with. */
  readonly ending?: Reason;
  readonly observation: RunObservation;
}

/** What the agent keeps in a job's status.json. */
export interface JobStatus {
  readonly runs: readonly RunStatus[];
}

/** A build as the port shows it. */
export function observationOfBuild(
  status: BuildStatus | undefined,
  position: number | undefined,
): BuildObservation {
  const observation = status?.observation ?? { state: 'waiting' };
  return observation.state === 'waiting' ? withPosition(observation, position) : observation;
}

/** A job as the port shows it: its state follows from its runs'. */
export function observationOfJob(
  status: JobStatus | undefined,
  batchSize: number,
  position: number | undefined,
): JobObservation {
  const runs = status?.runs.map((run) => run.observation) ?? waitingRuns(batchSize);
  const observation = jobOfRuns(runs);
  return observation.state === 'waiting' ? withPosition(observation, position) : observation;
}

/** The runs of a job of which none has started. */
function waitingRuns(batchSize: number): RunObservation[] {
  return Array.from({ length: batchSize }, (_, item) => ({ item, state: 'waiting' as const }));
}

function withPosition<T extends object>(value: T, position: number | undefined): T {
  return position === undefined ? value : { ...value, position };
}
