import fc from 'fast-check';
import { OutputReader } from '../../../functions/status/output-reader.js';
import {
  formatOutputCursor,
  parseOutputCursor,
  type OutputCursor,
} from '../../../shared/run/output-cursor.js';
import { parseRunLog } from '../../../shared/run/parse-run-log.js';
import { writeLine } from '../../shared/run/write-lines.js';

const NONCE = '0123456789abcdef';
const mark = (kind: string): Buffer => Buffer.from(`\x1eamun:${NONCE}:${kind}:`);

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }).map((value) => Buffer.from(value)),
  fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(Buffer.from('é\r\n'), Buffer.from('❄\0\n'), mark('e').subarray(0, 9)),
);
const pieces = fc.array(fc.tuple(fc.constantFrom('e', 'o'), text), { maxLength: 20 });

function writeRaw(written: readonly (readonly [string, Buffer])[]): Buffer {
  const body = written.map(([kind, bytes]) => Buffer.concat([mark(kind), bytes]));
  return Buffer.concat([Buffer.from(`\x1eamun:${NONCE}:h:1\n`), ...body, mark('r'), REPORT]);
}

function writeLines(written: readonly (readonly [string, Buffer])[]): Buffer {
  const body = written.map(([kind, bytes], index) =>
    writeLine(Buffer.concat([mark(kind), bytes]), index % 2 === 0 ? 'text' : 'base64'),
  );
  const report = writeLine(Buffer.concat([mark('r'), REPORT]), 'text');
  return Buffer.concat([Buffer.from(`\x1eamun:${NONCE}:h:2\n`), ...body, report]);
}

const REPORT = Buffer.from('{"exit_code":0}\n');

/** Follows a log that grows to each of the sizes in turn, as a client does: with the cursor alone. */
function follow(log: Buffer, sizes: readonly number[]) {
  let cursor = '0-0';
  const seen = { stdout: '', stderr: '' };
  let pushed = 0;
  for (const size of [...sizes].sort((one, other) => one - other).concat(log.length)) {
    const from = parseOutputCursor(cursor)!;
    const reader = new OutputReader(from);
    const news = log.subarray(from.place?.offset ?? 0, size);
    pushed += news.length;
    reader.push(news);
    const ended = size === log.length;
    if (ended) reader.end();
    const { stdout, stderr, next } = reader.read(ended);
    seen.stdout += stdout.text;
    seen.stderr += stderr.text;
    cursor = formatOutputCursor(next);
  }
  return { ...seen, pushed };
}

describe('OutputReader', () => {
  it.each([
    ['raw', writeRaw],
    ['lines', writeLines],
  ])('gives every byte once to whoever follows a log that grows: %s', (_format, write) => {
    fc.assert(
      fc.property(pieces, fc.array(fc.nat(), { maxLength: 8 }), (written, sizes) => {
        const log = write(written);
        const whole = parseRunLog(log);
        const { stdout, stderr } = follow(
          log,
          sizes.map((size) => size % log.length),
        );
        expect({ stdout, stderr }).toEqual({
          stdout: Buffer.from(whole.stdout).toString(),
          stderr: Buffer.from(whole.stderr).toString(),
        });
      }),
      { numRuns: 150 },
    );
  });

  it('reads on where it was, not from the beginning', () => {
    const lines = Array.from({ length: 1000 }, (_, line): [string, Buffer] => [
      'o',
      Buffer.from(`line ${line}\n`),
    ]);
    const log = writeRaw(lines);
    const sizes = Array.from({ length: 100 }, (_, step) => Math.floor((log.length * step) / 100));
    expect(follow(log, sizes).pushed).toBeLessThan(2 * log.length);
  });

  it('reads up to another cursor and no further', () => {
    const log = writeRaw([
      ['o', Buffer.from('one two')],
      ['e', Buffer.from('bad worse')],
    ]);
    const reader = new OutputReader({ stdout: 2, stderr: 0 }, { stdout: 5, stderr: 3 });
    reader.push(log);
    reader.end();
    const { stdout, stderr, next } = reader.read(true);
    expect([stdout.text, stderr.text]).toEqual(['e t', 'bad']);
    expect(next).toMatchObject({ stdout: 5, stderr: 3 });
    expect(stdout.complete).toBe(false);
  });
});

describe('a cursor', () => {
  const place = fc.record({
    offset: fc.nat(),
    format: fc.constantFrom<'raw' | 'lines'>('raw', 'lines'),
    nonce: fc.constant(NONCE),
    stream: fc.constantFrom<'stdout' | 'stderr'>('stdout', 'stderr'),
    stdout: fc.nat(1000),
    stderr: fc.nat(1000),
  });
  const read = {
    stdout: fc.nat().map((more) => more + 1000),
    stderr: fc.nat().map((n) => n + 1000),
  };

  it('is read as it was written', () => {
    fc.assert(
      fc.property(
        fc.record({ ...read, place }, { requiredKeys: ['stdout', 'stderr'] }),
        (cursor) => {
          expect(parseOutputCursor(formatOutputCursor(cursor as OutputCursor))).toEqual(cursor);
        },
      ),
    );
  });

  it.each([
    '',
    '1',
    '-1-0',
    '1-2-3',
    '1-2.',
    '1-2.3',
    '9999999999999-0',
    '5-5.9-6-0-or-0123456789abcdef',
    '5-5.9-0-0-xr-0123456789abcdef',
    '5-5.9-0-0-or-../../../etc',
    '1-2\n',
  ])('is not %j', (text_) => {
    expect(parseOutputCursor(text_)).toBeUndefined();
  });
});
