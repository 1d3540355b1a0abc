import type { Outcome } from './call-function.js';

/** What becomes of a message after a try. */
export type Judgement =
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly delayMs: number; readonly reason: string }
  | { readonly kind: 'dead'; readonly reason: string };

export interface RetryPolicy {
  /** Wait before each further try, ms, before jitter: one try more than there are waits. */
  readonly delaysMs: readonly number[];
  /** The most that a Retry-After is obeyed, ms. */
  readonly maxRetryAfterMs: number;
}

/** 12 tries over more than five minutes. */
export const RETRY_POLICY: RetryPolicy = {
  delaysMs: [500, 1_000, 2_000, 5_000, 15_000, 30_000, 60_000, 60_000, 60_000, 60_000, 60_000],
  maxRetryAfterMs: 10 * 60_000,
};

/** By so much a wait may be shorter or longer, so that messages that failed together spread. */
const JITTER = 0.2;

/**
 * Decides by an outcome and the count of tries, this one included, what becomes of a message.
 *
 * @param random from 0 to 1
 */
export function judge(
  outcome: Outcome,
  attempt: number,
  policy: RetryPolicy,
  random: number,
  now = Date.now(),
): Judgement {
  if (outcome.kind === 'answer' && outcome.status >= 200 && outcome.status < 300) {
    return { kind: 'done' };
  }
  const reason = describe(outcome);
  // The wait for a gateway that is not there is no try.
  if (outcome.kind === 'unreachable') return { kind: 'again', delayMs: 0, reason };
  if (!mayPass(outcome))
    return { kind: 'dead', reason: `${reason}, which no further try would change.` };
  const delay = policy.delaysMs[attempt - 1];
  if (delay === undefined)
    return { kind: 'dead', reason: `${reason}, at the last of ${attempt} tries.` };
  const jittered = delay * (1 - JITTER + 2 * JITTER * random);
  const asked = outcome.kind === 'answer' ? readRetryAfter(outcome.retryAfter, now) : 0;
  const delayMs = Math.round(Math.max(jittered, Math.min(asked, policy.maxRetryAfterMs)));
  return { kind: 'again', delayMs, reason };
}

/** True where the same call may succeed later. */
function mayPass(outcome: Outcome): boolean {
  if (outcome.kind !== 'answer') return true;
  return outcome.status === 408 || outcome.status === 429 || outcome.status >= 500;
}

function describe(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'answer':
      return `The function answered ${outcome.status}`;
    case 'timeout':
      return 'The function did not answer in time';
    case 'broken':
      return `The call broke off (${outcome.why})`;
    case 'unreachable':
      return `The gateway cannot be reached (${outcome.why})`;
  }
}

/** Seconds, or a date, as milliseconds from now; 0 where there is neither. */
function readRetryAfter(text: string | undefined, now: number): number {
  if (text === undefined) return 0;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
