import type { BuildObservation, JobObservation } from './observation.js';
import { isFinal, type Phase } from './phase.js';
import { REASONS, type Reason } from './reason.js';
import type { InspectionRecord, RunOutcome } from './record.js';

/** What is known of an inspection at the moment of a decision. */
export interface Situation {
  readonly record: InspectionRecord;
  /** How its build ended; undefined while it has not. */
  readonly build: BuildObservation | undefined;
  /** Its job in the cluster, read live; undefined where there is none. */
  readonly job: JobObservation | undefined;
}

/** How an inspection ends. */
export interface Ending {
  readonly phase: Extract<Phase, 'succeeded' | 'failed' | 'cancelled'>;
  readonly reason?: Reason;
  /** A sentence for people. */
  readonly message?: string;
}

/** The one next step of an inspection. */
export type Decision =
  | { readonly step: 'wait' }
  | { readonly step: 'rebuild' }
  | { readonly step: 'start-job'; readonly image: string }
  | { readonly step: 'resume-job' }
  | { readonly step: 'collect-job'; readonly job: JobObservation }
  | { readonly step: 'finish'; readonly ending: Ending }
  | { readonly step: 'settle' };

/** Decides the next step; pure, so that the same situation always ends in the same record. */
export function decide({ record, build, job }: Situation): Decision {
  if (isFinal(record.phase)) return { step: 'settle' };
  if (job !== undefined) {
    if (job.state === 'terminated') return { step: 'collect-job', job };
    return { step: job.stalled === true ? 'resume-job' : 'wait' };
  }
  if (record.cancelRequested === true) return finish({ phase: 'cancelled', reason: 'Cancelled' });
  if (record.phase === 'running') return finish({ phase: 'failed', reason: 'Lost' });
  if (build === undefined) return { step: 'wait' };
  // The build was cancelled for somebody else who shared it, at the moment this one joined.
  if (build.reason === 'Cancelled') return { step: 'rebuild' };
  if (build.image === undefined) return finish(endingOfFailedBuild(build));
  if (!record.hasScript) return finish({ phase: 'succeeded' });
  return { step: 'start-job', image: build.image };
}

function finish(ending: Ending): Decision {
  const message = ending.message ?? (ending.reason && REASONS[ending.reason]);
  return { step: 'finish', ending: message === undefined ? ending : { ...ending, message } };
}

function endingOfFailedBuild(build: BuildObservation): Ending {
  const reason = build.reason ?? 'BuildFailed';
  return { phase: 'failed', reason, message: sentence(reason, build.message) };
}

/**
 * How a job that has ended makes its inspection end: the first run that failed gives the reason,
 * a cancelled one makes the whole cancelled.
 */
export function endingOfJob(job: JobObservation, runs: readonly RunOutcome[]): Ending {
  const failed = runs.filter((run) => run.reason !== undefined || run.exitCode !== 0);
  const worst = failed.find((run) => run.reason === 'Cancelled') ?? failed[0];
  if (worst === undefined && job.reason === undefined) return { phase: 'succeeded' };
  const reason = worst?.reason ?? job.reason ?? 'ScriptFailed';
  const said = sentence(reason, worst?.message ?? job.message);
  const message =
    runs.length > 1 && failed.length > 0
      ? `${failed.length} of ${runs.length} runs did not succeed; the first: ${said}`
      : said;
  return { phase: reason === 'Cancelled' ? 'cancelled' : 'failed', reason, message };
}

/** The reason's sentence, with the cluster's own words where there are any. */
function sentence(reason: Reason, said: string | undefined): string {
  return said === undefined || said === '' ? REASONS[reason] : `${REASONS[reason]} (${said})`;
}
