import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { readAdvice, summarizeAdvice } from '../../../shared/advice/read-advice.js';
import { lockOf } from './fake-client.js';

const NONCE = '0123456789abcdef';
const LOCK = lockOf({ six: '==1.17.0' });

const mark = (fields: object): string => `amun-advice:${NONCE}:${JSON.stringify(fields)}`;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const BEGIN = mark({ event: 'begin', version: '1' });

/** As ask-advice.sh writes it. */
function pieces(lock: string, size = 100): string[] {
  const text = gzipSync(lock).toString('base64');
  const count = Math.ceil(text.length / size);
  return Array.from({ length: count }, (_, part) => {
    const piece = text.slice(part * size, (part + 1) * size);
    return `amun-advice-lock:${sha256(lock)}:${part}/${count}:${piece}`;
  });
}

const taken = (fields: object = {}): string =>
  mark({ event: 'taken', analysis_id: 'adviser-1', lock_sha256: sha256(LOCK), ...fields });
const log = (...lines: string[]): string => ['STEP 1', BEGIN, ...lines, 'COMMIT'].join('\n');

describe('readAdvice', () => {
  it('finds nothing where nothing was asked', () => {
    expect(readAdvice('STEP 1\nCOMMIT\n')).toBeUndefined();
    expect(readAdvice(taken())).toBeUndefined();
  });

  it('puts what was taken together with its lock', () => {
    const changes = [{ package: 'six', from: '1.16.0', to: '1.17.0' }];
    const justification = [{ type: 'INFO', message: 'newer', link: 'https://thoth.example/n' }];
    const found = readAdvice(log(taken({ score: 0.5, changes, justification }), ...pieces(LOCK)));
    expect(found).toEqual({
      state: 'taken',
      message:
        'The stack that Thoth recommends is installed; one version is another than in the lock that was sent.',
      analysisId: 'adviser-1',
      score: 0.5,
      stackInfo: [],
      justification,
      changes,
      requirementsLocked: JSON.parse(LOCK) as unknown,
    });
    expect(summarizeAdvice(found!)).toEqual({
      state: 'taken',
      message: found!.message,
      analysisId: 'adviser-1',
    });
  });

  it.each([
    ['submitted', { analysis_id: 'adviser-1' }, 'submitted', /sent to Thoth/],
    ['fallback', { reason: 'refused' }, 'fell_back', /own lock is installed: refused$/],
    ['failed', { reason: 'no stack fits', code: '5' }, 'failed', /^no stack fits$/],
  ])('knows the end "%s"', (event, fields, state, message) => {
    const found = readAdvice(log(mark({ event, ...fields })));
    expect(found?.state).toBe(state);
    expect(found?.message).toMatch(message);
  });

  it('takes a log that ends before the advice for a failure', () => {
    expect(readAdvice(log())).toMatchObject({
      state: 'failed',
      message: 'The build ended before Thoth had answered.',
    });
  });

  it('takes pieces in any order, with what builders put before lines, and the first of two', () => {
    const shuffled = pieces(LOCK)
      .reverse()
      .map((line) => `#9 12.3 ${line}\r`);
    const again = pieces(LOCK)[0]!.replace(/:[^:]*$/, ':AAAA');
    const found = readAdvice(log(taken(), ...shuffled, again));
    expect(found?.requirementsLocked).toEqual(JSON.parse(LOCK));
  });

  const other = lockOf({ six: '==6.6.6' });
  const bomb = Buffer.alloc(64 * 1024 * 1024, 0x20).toString();
  it.each<[string, string, string[]]>([
    ['a piece is missing', LOCK, pieces(LOCK).slice(1)],
    ['they are of another lock', LOCK, pieces(other)],
    [
      'they bear its hash and are another',
      LOCK,
      pieces(other).map((line) => line.replace(sha256(other), sha256(LOCK))),
    ],
    ['it is no object', '[]', pieces('[]')],
    ['it is no JSON', '{', pieces('{')],
    ['it is too deep', '{"a":'.repeat(50), pieces(`${'{"a":'.repeat(50)}1${'}'.repeat(50)}`)],
    ['it unpacks without end', bomb, pieces(bomb, 4000)],
  ])('leaves the lock out where %s', (_, lock, lines) => {
    const end = taken({ lock_sha256: sha256(lock) });
    const found = readAdvice(log(end, ...lines));
    expect(found?.state).toBe('taken');
    expect(found).not.toHaveProperty('requirementsLocked');
  });

  it('lets nothing through that moves a terminal, and no link but http', () => {
    const justification = [
      { type: 'INFO\u001b[2J', message: 'a\u202eb\u0000', link: 'javascript:alert(1)' },
      { type: 'INFO', message: 'x', link: 'https://x.example/"onload=' },
    ];
    const found = readAdvice(log(taken({ justification })));
    expect(found?.justification).toEqual([
      { type: 'INFO [2J', message: 'a b ', link: '' },
      { type: 'INFO', message: 'x', link: '' },
    ]);
  });

  it('survives whatever a log holds', () => {
    const piece = fc.constantFrom(...pieces(LOCK), BEGIN, taken(), 'amun-advice-lock:', '{', '\n');
    const text = fc
      .array(fc.oneof(piece, fc.string({ unit: 'binary' })))
      .map((all) => all.join('\n'));
    fc.assert(
      fc.property(text, fc.jsonValue(), (noise, value) => {
        const odd = { justification: value, changes: value, score: value, reason: value };
        const found = readAdvice(`${noise}\n${mark({ event: 'taken', ...odd })}\n${BEGIN}`);
        expect(JSON.stringify(found ?? {}).length).toBeLessThan(1_000_000);
      }),
    );
  });
});
