import { requireTools } from '../../require-tools.js';
import type { ThothAnswer, ThothTrouble } from '../../thoth/answer.js';
import { THAMOS, withThamos } from '../../thoth/require-thamos.js';
import { OWN_LOCK, PIPFILE, RealStage } from './real-stage.js';

const TROUBLES: [string, ThothTrouble, RegExp][] = [
  ['is busy', { kind: 'status', status: 503, body: '{"error": "busy"}' }, /503/],
  ['is broken', { kind: 'status', status: 500, body: '<html>' }, /does not support API v1/],
  [
    'sends one elsewhere',
    { kind: 'redirect', location: 'https://127.0.0.1:1/' },
    /127\.0\.0\.1.*port=1\b.*refused/,
  ],
  ['says nothing', { kind: 'silence' }, /did not answer within 16 seconds/],
];
const ANSWERS: [string, ThothAnswer, RegExp][] = [
  ['finds no stack', { kind: 'unsolvable', message: 'no such six' }, /^no such six$/],
  ['fails', { kind: 'failed', message: 'out of memory' }, /^out of memory$/],
  ['answers nonsense', { kind: 'malformed', body: '<html>' }, /./],
  ['answers an empty document', { kind: 'malformed', body: '{}' }, /`result`/],
  [
    'takes too long',
    { kind: 'failed', message: '', polls: Infinity },
    /did not (respond in time|answer within)/,
  ],
];

requireTools(['openssl', 'python3', 'flock'], withThamos)('thamos, and a Thoth that', () => {
  let stage: RealStage;
  beforeEach(async () => {
    stage = await new RealStage(THAMOS).start();
  });
  afterEach(() => stage.stop());

  async function fail(reason: RegExp, waits = false): Promise<void> {
    const { code, report } = await stage.advise(waits ? { THAMOS_TIMEOUT: '1' } : {});
    expect({ code, ...report }).toMatchObject({ code: 5, outcome: 'failed' });
    expect(report?.reason).toMatch(reason);
    expect([stage.read('Pipfile'), stage.read('Pipfile.lock')]).toEqual([PIPFILE, OWN_LOCK]);
  }

  it.each(TROUBLES)('%s: the build fails with the reason', async (_what, trouble, reason) => {
    stage.thoth.trouble = trouble;
    await fail(reason, trouble.kind === 'silence');
  });

  it.each(ANSWERS)('%s: the build fails with the reason', async (_what, answer, reason) => {
    stage.thoth.answer = () => answer;
    await fail(reason, answer.polls !== undefined);
  });

  it('is down: the build fails with the reason, or goes on with the lock', async () => {
    await stage.started.stop();
    await fail(/refused/);
    const { code, report } = await stage.advise({ THOTH_ERROR_FALLBACK: '1' });
    expect({ code, ...report }).toMatchObject({ code: 0, outcome: 'fallback' });
    expect(report?.reason).toMatch(/refused/);
    expect(stage.read('Pipfile.lock')).toBe(OWN_LOCK);
  });

  it('nobody vouches for: it is told nothing', async () => {
    const config = stage.read('.thoth.yaml') ?? '';
    stage.write({ '.thoth.yaml': config.replace('tls_verify: false', 'tls_verify: true') });
    await fail(/certificate/i);
    expect(stage.thoth.requests).toEqual([]);
  });
});
