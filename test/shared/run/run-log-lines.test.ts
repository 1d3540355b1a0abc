import fc from 'fast-check';
import { LineDecoder } from '../../../shared/run/line-decoder.js';
import { parseRunLog, RunLogParser } from '../../../shared/run/parse-run-log.js';
import type { Stream } from '../../../shared/run/run-log-place.js';
import { keepByLines } from './keep-by-lines.js';
import { writeLine } from './write-lines.js';

const NONCE = '0123456789abcdef0123456789abcdef';
const mark = (kind: string): Buffer => Buffer.from(`\x1eamun:${NONCE}:${kind}:`);
const hello = Buffer.from(`\x1eamun:${NONCE}:h:2\n`);
const report = (content: object): Buffer =>
  writeLine(Buffer.concat([mark('r'), Buffer.from(`${JSON.stringify(content)}\n`)]), 'text');

const trickyBytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc
        .array(fc.constantFrom(0x0a, 0x0d, 0x1c, 0x1d, 0x1e, 0x1f, 0x42, 0x54, 0x63), {
          maxLength: 9,
        })
        .map((bytes) => Uint8Array.from(bytes)),
      fc.constantFrom<Uint8Array>(mark('r').subarray(0, 20), Buffer.from('\x1fBYWJj\n\x1fT')),
    ),
    { maxLength: 8 },
  )
  .map((parts) => Buffer.concat(parts));
const kinds = fc.constantFrom<'text' | 'base64'>('text', 'base64');
const steps = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });

interface Piece {
  readonly stream: Stream;
  readonly bytes: Buffer;
  readonly kind: 'text' | 'base64';
}

/** The log of these pieces, a line each. */
function writeLog(pieces: readonly Piece[]): Buffer {
  let stream: Stream = 'stdout';
  const lines = pieces.map((piece) => {
    const turn = piece.stream === stream ? [] : [mark(piece.stream === 'stderr' ? 'e' : 'o')];
    stream = piece.stream;
    return writeLine(Buffer.concat([...turn, piece.bytes]), piece.kind);
  });
  return Buffer.concat([hello, ...lines, report({ exit_code: 0 })]);
}

function cutUp(log: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < log.length; at += chunks.at(-1)?.length ?? 0) {
    chunks.push(log.subarray(at, at + (sizes[chunks.length % sizes.length] ?? 1)));
  }
  return chunks;
}

const join = (pieces: readonly Pick<Piece, 'stream' | 'bytes'>[], stream: Stream): Buffer =>
  Buffer.concat(pieces.filter((piece) => piece.stream === stream).map(({ bytes }) => bytes));
const somePieces = fc.array(
  fc.record({
    stream: fc.constantFrom<Stream>('stdout', 'stderr'),
    bytes: trickyBytes,
    kind: kinds,
  }),
  { maxLength: 12 },
);

describe('a run’s log by lines', () => {
  it('gives both streams back whole, as a cluster keeps it, wherever it is cut', () => {
    fc.assert(
      fc.property(somePieces, steps, fc.boolean(), (pieces, sizes, isKept) => {
        const written = writeLog(pieces);
        const log = isKept ? keepByLines(written).log : written;
        const events: Pick<Piece, 'stream' | 'bytes'>[] = [];
        const parser = new RunLogParser({
          onOutput: (stream, bytes) => events.push({ stream, bytes: Buffer.from(bytes) }),
        });
        for (const chunk of cutUp(log, sizes)) parser.push(chunk);
        const parsed = parser.end();
        for (const stream of ['stdout', 'stderr'] as const) {
          expect(Buffer.from(parsed[stream])).toEqual(join(pieces, stream));
          expect(join(events, stream)).toEqual(join(pieces, stream));
        }
        expect(parsed.report).toEqual({ exit_code: 0 });
      }),
      { numRuns: 200 },
    );
  });

  it('shows a line as soon as it is there, and what is there of one', () => {
    const live: string[] = [];
    const parser = new RunLogParser({
      onOutput: (_, bytes) => live.push(Buffer.from(bytes).toString()),
    });
    parser.push(hello);
    parser.push(writeLine(Buffer.from('50 %\r'), 'text'));
    expect(live).toEqual(['50 %\r']);
    parser.push(Buffer.from('\x1fT100 %\x1d'));
    expect(live.join('')).toBe('50 %\r100 %\n');
  });

  it.each([
    ['text', Buffer.from('\x1fThalf')],
    ['text, in the middle of a name', Buffer.from('\x1fThalf\x1f')],
    ['base64', Buffer.from('\x1fBaGFsZ')],
    ['base64, at its head', Buffer.from('\x1fThalf\n\x1fB')],
    ['nothing but a head', Buffer.from('\x1fThalf\n\x1f')],
  ])('goes on after a line that its writer did not live to finish: %s', (_, cut) => {
    const next = writeLine(Buffer.concat([mark('o'), Buffer.from(' and on\n')]), 'text');
    const log = Buffer.concat([hello, cut, next, report({ exit_code: 2 })]);
    const parsed = parseRunLog(log);
    expect(Buffer.from(parsed.stdout).toString()).toMatch(/^half? and on\n$/);
    expect(parsed.report).toEqual({ exit_code: 2 });
  });

  it('reads a report that lost its newline', () => {
    const log = Buffer.concat([hello, report({ exit_code: 3 })]);
    for (const lost of [1, 2]) {
      expect(parseRunLog(log.subarray(0, log.length - lost)).report).toEqual({ exit_code: 3 });
    }
  });

  it.each([10, 200_000])(
    'knows itself where its first part was rotated away (%d bytes)',
    (size) => {
      const rest = Buffer.concat([
        Buffer.from('\x1fc'),
        Buffer.alloc(size, 'x\x1d'),
        Buffer.from('\n'),
        writeLine(Buffer.concat([mark('e'), Buffer.from('late\r\n')]), 'base64'),
        report({ exit_code: 4 }),
      ]);
      for (const step of [1000, rest.length]) {
        const parser = new RunLogParser();
        for (const chunk of cutUp(rest, [step])) parser.push(chunk);
        const parsed = parser.end();
        expect(Buffer.from(parsed.stderr).toString()).toBe('late\r\n');
        expect(parsed.stdout).toHaveLength(size + 1);
        expect(parsed.report).toEqual({ exit_code: 4 });
      }
    },
  );

  it('decodes whatever comes to no more bytes than came', () => {
    fc.assert(
      fc.property(fc.array(trickyBytes), (chunks) => {
        const decoder = new LineDecoder();
        let given = 0;
        let got = 0;
        for (const chunk of chunks) {
          given += chunk.length;
          got += decoder.decode(chunk).length;
          expect(got).toBeLessThanOrEqual(given);
        }
      }),
    );
  });
});
