import { describeReason, REASONS, type Reason } from '../../shared/inspection/reason.js';
import type { InspectionStatus } from '../../client/answers.js';
import { describeAdviceStatus } from './describe-advice-status.js';
import { formatSpan } from './format-time.js';
import { harmlessLine } from './harmless-text.js';

/** The sentence for a reason of the API; one that this version does not know is named as it is. */
export function explainReason(reason: string): string {
  return Object.hasOwn(REASONS, reason)
    ? describeReason(reason as Reason)
    : `The service calls it ${harmlessLine(reason)}.`;
}

/** What goes on at the moment, in a few words: "queued, place 3", "running, 2 of 5 ended". */
export function describeProgress(status: InspectionStatus): string {
  const { phase, position, build, job } = status;
  const place = position ?? (phase === 'running' ? job.position : build.position);
  const queued = place === null ? '' : `, place ${place} in the queue`;
  const ended = job.runs.filter((run) => run.state === 'terminated').length;
  const runs =
    phase === 'running' && job.completions > 1 ? `, ${ended} of ${job.completions} runs ended` : '';
  const waiting = phase === 'running' ? job.message : build.message;
  const why = waiting === null ? '' : `: ${harmlessLine(waiting)}`;
  return `${phase}${queued}${runs}${why}`;
}

/** How it ended, one sentence a line: the outcome, then why. */
export function describeOutcome(status: InspectionStatus): string[] {
  const took = formatSpan(status.created, status.finished);
  const first = `${status.inspection_id} ${status.phase}${took === undefined ? '' : ` after ${took}`}.`;
  if (status.reason === null) return [first, ...describeAdviceStatus(status)];
  const sentence = explainReason(status.reason);
  const message = harmlessLine(status.message ?? '');
  // The service puts what the cluster said behind the same sentence.
  const said = message.startsWith(sentence) ? message : `${sentence} ${message}`.trimEnd();
  return [
    first,
    `${status.reason}: ${said}`,
    ...describeAdviceStatus(status),
    ...failedRuns(status),
  ];
}

/** At most this many failed runs are named. */
const NAMED_RUNS = 10;

function failedRuns(status: InspectionStatus): string[] {
  const failed = status.job.runs.filter((run) => run.reason !== null);
  if (status.job.completions < 2 || failed.length === 0) return [];
  const lines = failed.slice(0, NAMED_RUNS).map((run) => {
    const code = run.exit_code === null ? 'no exit code' : `exit code ${run.exit_code}`;
    return `  run ${run.item}: ${run.reason ?? 'unknown'} (${code})`;
  });
  const more = failed.length - NAMED_RUNS;
  return more > 0 ? [...lines, `  and ${more} more`] : lines;
}
