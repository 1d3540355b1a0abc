import fc from 'fast-check';
import { parseRunLog, RunLogParser } from '../../../shared/run/parse-run-log.js';
import type { Stream } from '../../../shared/run/run-log-place.js';

const NONCE = '0123456789abcdef0123456789abcdef';
const mark = (kind: string, nonce = NONCE): Buffer => Buffer.from(`\x1eamun:${nonce}:${kind}:`);
const hello = Buffer.from(`\x1eamun:${NONCE}:h:1\n`);
const report = (content: object, nonce = NONCE): Buffer =>
  Buffer.concat([mark('r', nonce), Buffer.from(`${JSON.stringify(content)}\n`)]);

interface Piece {
  readonly stream: Stream;
  readonly bytes: Uint8Array;
}

/** The log a pump leaves for these writes. */
function writeLog(pieces: readonly Piece[]): Buffer {
  const parts: Uint8Array[] = [hello];
  let stream: Stream = 'stdout';
  for (const piece of pieces) {
    if (piece.stream !== stream) parts.push(mark(piece.stream === 'stderr' ? 'e' : 'o'));
    stream = piece.stream;
    parts.push(piece.bytes);
  }
  if (stream === 'stderr') parts.push(mark('o'));
  return Buffer.concat([...parts, report({ exit_code: 0 })]);
}

function join(pieces: readonly Piece[], stream: Stream): Buffer {
  return Buffer.concat(pieces.filter((piece) => piece.stream === stream).map((p) => p.bytes));
}

// Bytes in which the beginnings of marks are frequent.
const trickyBytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc.constantFrom(
        Buffer.from('\x1e'),
        Buffer.from('\x1eamun:'),
        mark('e').subarray(0, 20),
        mark('e', 'ffffffffffffffffffffffffffffffff'),
        report({ exit_code: 0 }, '00000000000000000000000000000000'),
      ),
    ),
    { maxLength: 8 },
  )
  .map((parts) => Buffer.concat(parts));
const somePieces = fc.array(
  fc.record({ stream: fc.constantFrom<Stream>('stdout', 'stderr'), bytes: trickyBytes }),
  { maxLength: 12 },
);

describe('RunLogParser', () => {
  it('gives both streams back whole, wherever the log is cut', () => {
    fc.assert(
      fc.property(
        somePieces,
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        (pieces, steps) => {
          const log = writeLog(pieces);
          const events: Piece[] = [];
          const parser = new RunLogParser({
            onOutput: (stream, bytes) => events.push({ stream, bytes: Buffer.from(bytes) }),
          });
          for (let at = 0, step = 0; at < log.length; step++) {
            const size = steps[step % steps.length]!;
            parser.push(log.subarray(at, at + size));
            at += size;
          }
          const parsed = parser.end();
          for (const stream of ['stdout', 'stderr'] as const) {
            expect(Buffer.from(parsed[stream])).toEqual(join(pieces, stream));
            expect(join(events, stream)).toEqual(join(pieces, stream));
          }
          expect(parsed.report).toEqual({ exit_code: 0 });
        },
      ),
      { numRuns: 100 },
    );
  });

  it('never throws and keeps no more than it may, whatever it reads', () => {
    fc.assert(
      fc.property(fc.array(trickyBytes), (chunks) => {
        const parser = new RunLogParser({ keepBytes: 30 });
        let given = 0;
        for (const chunk of chunks) {
          given += chunk.length;
          parser.push(chunk);
        }
        const { stdout, stderr, stdoutDropped, stderrDropped } = parser.end();
        expect(stdout.length).toBeLessThanOrEqual(30);
        expect(stderr.length).toBeLessThanOrEqual(30);
        expect(stdout.length + stderr.length + stdoutDropped + stderrDropped).toBeLessThanOrEqual(
          given,
        );
      }),
    );
  });

  it('forgets what was printed before the first mark', () => {
    const noise = Buffer.from("ERROR: ld.so: object 'x' from LD_PRELOAD cannot be preloaded\n");
    const parsed = parseRunLog(
      Buffer.concat([noise, writeLog([{ stream: 'stdout', bytes: Buffer.from('out') }])]),
    );
    expect(Buffer.from(parsed.stdout).toString()).toBe('out');
    expect(parsed.stderr).toHaveLength(0);
  });

  it('takes a log without any mark for the words of what kept the run from starting', () => {
    const parsed = parseRunLog(Buffer.from('exec /bin/sh: no such file or directory\n'));
    expect(Buffer.from(parsed.stderr).toString()).toBe('exec /bin/sh: no such file or directory\n');
    expect(parsed.report).toBeUndefined();
  });

  it.each([10, 100_000])(
    'reads on where the log’s first part was rotated away (%d bytes left)',
    (size) => {
      const rest = Buffer.concat([
        Buffer.alloc(size, 'x'),
        mark('e'),
        Buffer.from('late'),
        mark('o'),
        report({ exit_code: 4 }),
      ]);
      for (const step of [7, 1000, rest.length]) {
        const parser = new RunLogParser();
        for (let at = 0; at < rest.length; at += step) parser.push(rest.subarray(at, at + step));
        const parsed = parser.end();
        expect(parsed.stdout).toHaveLength(size);
        expect(Buffer.from(parsed.stderr).toString()).toBe('late');
        expect(parsed.report).toEqual({ exit_code: 4 });
      }
    },
  );

  it('lets the last report count, even where somebody learnt the nonce', () => {
    const log = Buffer.concat([
      hello,
      report({ exit_code: 0 }),
      Buffer.from('more'),
      report({ exit_code: 9 }),
    ]);
    expect(parseRunLog(log).report).toEqual({ exit_code: 9 });
  });

  it.each([
    ['no JSON', '{"exit_code":'],
    ['no object', '[0]'],
    ['no exit code', '{}'],
    ['an exit code that is none', '{"exit_code":256}'],
    ['too deep', `{"exit_code":0,"hwinfo":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['too long', `{"exit_code":0,"hostname":"${'x'.repeat(1024 * 1024)}"}`],
  ])('takes no report that is %s', (_, text) => {
    const log = Buffer.concat([
      hello,
      report({ exit_code: 3 }),
      mark('r'),
      Buffer.from(`${text}\n`),
    ]);
    expect(parseRunLog(log).report).toEqual({ exit_code: 3 });
  });

  it('reads a report that lost its newline', () => {
    const whole = Buffer.concat([hello, report({ exit_code: 3 })]);
    expect(parseRunLog(whole.subarray(0, whole.length - 1)).report).toEqual({ exit_code: 3 });
    expect(parseRunLog(whole.subarray(0, whole.length - 3)).report).toBeUndefined();
  });

  it('goes on after a frame that its writer did not live to finish', () => {
    const log = Buffer.concat([
      hello,
      mark('e'),
      Buffer.from('half'),
      mark('o').subarray(0, 9),
      mark('o'),
      Buffer.from('out'),
    ]);
    const parsed = parseRunLog(log);
    expect(Buffer.from(parsed.stdout).toString()).toBe('out');
    expect(Buffer.from(parsed.stderr).toString('latin1')).toBe(
      `half${mark('o').subarray(0, 9).toString('latin1')}`,
    );
  });
});
