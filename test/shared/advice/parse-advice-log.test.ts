import { parseAdviceLog } from '../../../shared/advice/parse-advice-log.js';

const NONCE = '0123456789abcdef';
const mark = (fields: object, nonce = NONCE): string =>
  `amun-advice:${nonce}:${JSON.stringify(fields)}`;
const BEGIN = mark({ event: 'begin', version: '1' });

describe('parseAdviceLog', () => {
  it('finds nothing in a log without marks', () => {
    expect(parseAdviceLog('STEP 1\nthoth: taking nothing\n')).toBeUndefined();
  });

  it('finds marks behind what a builder puts before a line', () => {
    const log = [`#7 0.3 ${BEGIN}`, `#7 9.1 ${mark({ event: 'skipped', reason: 'x' })}\r`].join(
      '\n',
    );
    expect(parseAdviceLog(log)).toMatchObject({ outcome: 'skipped', reason: 'x' });
  });

  it('knows an advice that has not ended, and its analysis', () => {
    const log = [BEGIN, mark({ event: 'asked', analysis_id: 'adviser-1' })].join('\n');
    expect(parseAdviceLog(log)).toMatchObject({ outcome: 'unfinished', analysisId: 'adviser-1' });
  });

  it('takes the last end: a lock may be taken before its packages turn out to be foreign', () => {
    const taken = mark({ event: 'taken', analysis_id: 'adviser-1', score: 1.5 });
    const failed = mark({ event: 'failed', reason: 'foreign', code: '6' });
    expect(parseAdviceLog([BEGIN, taken, failed].join('\n'))).toMatchObject({
      outcome: 'failed',
      code: 6,
      reason: 'foreign',
      analysisId: 'adviser-1',
    });
  });

  it('believes no mark before the first begin, nor one with another nonce', () => {
    const other = 'f'.repeat(16);
    const log = [
      mark({ event: 'failed' }),
      BEGIN,
      mark({ event: 'begin' }, other),
      mark({ event: 'taken' }, other),
    ].join('\n');
    expect(parseAdviceLog(log)?.outcome).toBe('unfinished');
  });

  it.each([
    ['no JSON', `amun-advice:${NONCE}:{"event":`],
    ['an event of another name', mark({ event: 'toString' })],
    ['an event that is no text', mark({ event: ['taken'] })],
    ['an array', `amun-advice:${NONCE}:[{"event":"taken"}]`],
  ])('passes over %s', (_what, line) => {
    expect(parseAdviceLog([BEGIN, line].join('\n'))?.outcome).toBe('unfinished');
  });

  it('leaves out what is not as expected, and bounds the rest', () => {
    const justification = [null, 'x', { type: 1, message: 'm'.repeat(5000), link: {} }];
    const entries = [...justification, ...Array.from({ length: 500 }, () => ({}))];
    const fields = { event: 'taken', score: 'high', code: -1, analysis_id: 7, changes: {} };
    const report = parseAdviceLog([BEGIN, mark({ ...fields, justification: entries })].join('\n'));
    expect(report).toMatchObject({ outcome: 'taken', changes: [], stackInfo: [] });
    expect(Object.keys(report ?? {})).not.toContain('score');
    expect(report?.justification[0]).toEqual({ type: '', message: 'm'.repeat(1000), link: '' });
    expect(report?.justification.length).toBe(198);
  });
});
