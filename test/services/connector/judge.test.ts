import type { Outcome } from '../../../services/connector/call-function.js';
import { judge, RETRY_POLICY } from '../../../services/connector/judge.js';

function answered(status: number, retryAfter?: string): Outcome {
  return { kind: 'answer', status, retryAfter, text: '' };
}

const MIDDLE = 0.5;
const LAST = RETRY_POLICY.delaysMs.length + 1;

it.each<[string, Outcome, number, ReturnType<typeof judge>['kind']]>([
  ...[200, 201, 202, 204, 299].map(
    (status) => [`${status}`, answered(status), 1, 'done'] as [string, Outcome, number, 'done'],
  ),
  ...[408, 429, 500, 502, 503, 504, 599].flatMap(
    (status): [string, Outcome, number, 'again' | 'dead'][] => [
      [`${status}`, answered(status), 1, 'again'],
      [`${status}`, answered(status), LAST - 1, 'again'],
      [`${status} at last`, answered(status), LAST, 'dead'],
      [`${status} and more`, answered(status), LAST + 5, 'dead'],
    ],
  ),
  ...[300, 301, 304, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 451].map(
    (status) => [`${status}`, answered(status), 1, 'dead'] as [string, Outcome, number, 'dead'],
  ),
  ['timeout', { kind: 'timeout' }, 1, 'again'],
  ['timeout at last', { kind: 'timeout' }, LAST, 'dead'],
  ['broken', { kind: 'broken', why: 'reset' }, 1, 'again'],
  ['broken at last', { kind: 'broken', why: 'reset' }, LAST, 'dead'],
  ['unreachable', { kind: 'unreachable', why: 'refused' }, 1, 'again'],
  ['unreachable, ever so often', { kind: 'unreachable', why: 'refused' }, 1000, 'again'],
  ['done though late', answered(200), 1000, 'done'],
])('%s: %j at try %i is %s', (_, outcome, attempt, kind) => {
  expect(judge(outcome, attempt, RETRY_POLICY, MIDDLE).kind).toBe(kind);
});

it('waits longer and longer, 12 tries over more than five minutes', () => {
  const delays = RETRY_POLICY.delaysMs.map((_, index) => {
    const judgement = judge(answered(500), index + 1, RETRY_POLICY, MIDDLE);
    return judgement.kind === 'again' ? judgement.delayMs : NaN;
  });
  expect(delays).toEqual([...RETRY_POLICY.delaysMs]);
  expect(LAST).toBe(12);
  expect(delays.reduce((sum, delay) => sum + delay)).toBeGreaterThan(300_000);
  expect([...delays].sort((a, b) => a - b)).toEqual(delays);
});

it('spreads messages that failed together by a fifth', () => {
  const at = (random: number) => judge(answered(500), 4, RETRY_POLICY, random);
  expect([at(0), at(1)]).toMatchObject([{ delayMs: 4000 }, { delayMs: 6000 }]);
});

it.each([
  ['7', 7000],
  ['0', 500],
  ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
  ['Wed, 31 Dec 2025 00:00:30 GMT', 500],
  ['999999', RETRY_POLICY.maxRetryAfterMs],
  ['soon', 500],
  ['-5', 500],
])('obeys Retry-After: %s', (text, delayMs) => {
  const now = Date.UTC(2026, 0, 1);
  expect(judge(answered(503, text), 1, RETRY_POLICY, MIDDLE, now)).toMatchObject({
    kind: 'again',
    delayMs,
  });
});

it('says why in a sentence', () => {
  expect(judge(answered(422), 1, RETRY_POLICY, MIDDLE)).toEqual({
    kind: 'dead',
    reason: 'The function answered 422, which no further try would change.',
  });
  expect(judge({ kind: 'timeout' }, LAST, RETRY_POLICY, MIDDLE)).toEqual({
    kind: 'dead',
    reason: 'The function did not answer in time, at the last of 12 tries.',
  });
});
