import type { Reason } from '../../../shared/inspection/reason.js';
import type { RunObservation } from '../../../shared/inspection/observation.js';
import type { RunEnd } from './run-plan.js';

/** How a run ended, or that it was disturbed from outside and is to be run again. */
export type RunVerdict =
  Pick<RunObservation, 'exitCode' | 'reason' | 'message' | 'finishedAt'> | 'disrupted';

const OUT_OF_MEMORY = 'The kernel killed a process of the run at its memory limit.';

/** Judges a run by how its container ended and whether we ended it ourselves. */
export function judgeRun(end: RunEnd, ending: Reason | undefined): RunVerdict {
  if (end.kind === 'disrupted') {
    return ending === undefined ? 'disrupted' : { reason: ending };
  }
  if (end.kind === 'refused') return { reason: end.reason, message: end.message };
  const { exitCode, finishedAt } = end;
  if (ending !== undefined) return { exitCode, finishedAt, reason: ending };
  if (exitCode === 0) return { exitCode, finishedAt };
  // The machine as a whole was full: that is no fault of the run.
  if (end.oom === 'machine') return 'disrupted';
  if (end.oom === 'limit') {
    return { exitCode, finishedAt, reason: 'OutOfMemory', message: OUT_OF_MEMORY };
  }
  return { exitCode, finishedAt, reason: 'ScriptFailed' };
}
