import type {
  Advice,
  AdviceRemark,
  AdviceState,
  AdviceSummary,
  AdvisedChange,
} from '../inspection/advice.js';
import type { AdviceOutcome, AdviceReport } from './advice-report.js';
import { parseAdviceLog } from './parse-advice-log.js';
import { readAdvisedLock } from './read-advised-lock.js';

const STATES: Readonly<Record<AdviceOutcome, AdviceState>> = {
  taken: 'taken',
  submitted: 'submitted',
  fallback: 'fell_back',
  skipped: 'fell_back',
  failed: 'failed',
  unfinished: 'failed',
};

/**
 * What a build log tells of the advice that was asked in it; undefined where it was not asked, or the
 * build did not come that far. Whoever builds may write anything into the log: all of it is checked,
 * cut and free of control characters.
 */
export function readAdvice(log: string): Advice | undefined {
  const report = parseAdviceLog(log);
  if (report === undefined) return undefined;
  const { analysisId, score, lockSha256 } = report;
  const state = STATES[report.outcome];
  const lock =
    state === 'taken' && lockSha256 !== undefined ? readAdvisedLock(log, lockSha256) : undefined;
  return {
    state,
    message: describe(report, state),
    ...(analysisId === undefined ? {} : { analysisId: plain(analysisId) }),
    ...(score === undefined ? {} : { score }),
    stackInfo: report.stackInfo.map(cleanRemark),
    justification: report.justification.map(cleanRemark),
    changes: report.changes.map(cleanChange),
    ...(lock === undefined ? {} : { requirementsLocked: lock }),
  };
}

/** The small part of it, for records. */
export function summarizeAdvice({ state, message, analysisId }: Advice): AdviceSummary {
  return { state, message, ...(analysisId === undefined ? {} : { analysisId }) };
}

function describe({ outcome, changes, reason }: AdviceReport, state: AdviceState): string {
  const why = plain(reason ?? 'the build log does not say why');
  switch (state) {
    case 'taken':
      return `The stack that Thoth recommends is installed; ${countChanges(changes.length)}.`;
    case 'submitted':
      return 'The stack was sent to Thoth, and its own lock is installed.';
    case 'fell_back':
      return `There was no advice, so the stack's own lock is installed: ${why}`;
    case 'failed':
      return outcome === 'unfinished' ? 'The build ended before Thoth had answered.' : why;
  }
}

function countChanges(count: number): string {
  if (count === 0) return 'no version is another than in the lock that was sent';
  return count === 1
    ? 'one version is another than in the lock that was sent'
    : `${count} versions are others than in the lock that was sent`;
}

function cleanRemark({ type, message, link }: AdviceRemark): AdviceRemark {
  const isUrl = /^https?:\/\/[^\s<>"'`\\]+$/i.test(link) && URL.canParse(link);
  return { type: plain(type), message: plain(message), link: isUrl ? link : '' };
}

function cleanChange({ package: name, from, to }: AdvisedChange): AdvisedChange {
  const clean = (version: string | null): string | null =>
    version === null ? null : plain(version);
  return { package: plain(name), from: clean(from), to: clean(to) };
}

/** Nothing that moves a terminal's cursor or turns the direction of text. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}
