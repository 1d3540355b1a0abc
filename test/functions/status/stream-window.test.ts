import fc from 'fast-check';
import { StreamWindow } from '../../../functions/status/stream-window.js';

/** Text of several bytes a character, cut anywhere, and what is no text at all. */
const part = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 4 }).map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 6 }).map((raw) => Buffer.from(raw)),
  fc.constantFrom(Buffer.from([0xf0, 0x9f, 0x98]), Buffer.from([0xe2, 0x9d]), Buffer.from([0xff])),
);
const output = fc.array(part, { maxLength: 8 }).map((parts) => Buffer.concat(parts));

function read(written: Buffer, from: number, { to = Infinity, ended = false } = {}) {
  const window = new StreamWindow(from, to);
  window.add(written);
  return window.read(ended);
}

/** What somebody reads who follows output that grows to each of these sizes, and then ends. */
function follow(written: Buffer, sizes: readonly number[]): { text: string; next: number }[] {
  const pieces: { text: string; next: number }[] = [];
  for (const size of [...sizes].sort((one, other) => one - other).concat(written.length)) {
    const from = pieces.at(-1)?.next ?? 0;
    pieces.push(read(written.subarray(0, size), from, { ended: size === written.length }));
  }
  return pieces;
}

describe('StreamWindow', () => {
  it('reads up to where any piece of another reader ends, every byte once', () => {
    fc.assert(
      fc.property(output, fc.array(fc.nat(), { maxLength: 8 }), (written, sizes) => {
        const pieces = follow(
          written,
          sizes.map((size) => size % (written.length + 1)),
        );
        for (const [index, { next: to }] of pieces.entries()) {
          // It may not be known yet that nothing follows.
          const { text, next } = read(written, 0, { to });
          expect(next).toBe(to);
          const rest = pieces.slice(index + 1).map((piece) => piece.text);
          expect([text, ...rest].join('')).toBe(written.toString());
        }
      }),
      { numRuns: 300 },
    );
  });

  it('leaves half a character where more may come before the end asked for', () => {
    const snow = Buffer.from('a❄b');
    expect(read(snow.subarray(0, 3), 0, { to: 4 })).toMatchObject({ text: 'a', next: 1 });
    expect(read(snow, 1, { to: 4 })).toEqual({ text: '❄', next: 4, complete: false });
  });
});
