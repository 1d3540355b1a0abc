import { AmunError } from '../../../errors/amun-error.js';

const NEWLINE = 0x0a;

/**
 * The lines of a body, without their ends. A last one without an end was cut: it is left out.
 * Throws TooLarge for a line above `limit` bytes.
 */
export async function* readLines(
  pieces: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  let size = 0;
  const add = (part: Uint8Array) => {
    size += part.length;
    if (size > limit) throw new AmunError('TooLarge', `A line has more than ${limit} bytes.`);
    parts.push(part);
  };
  for await (const piece of pieces) {
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, start)) {
      add(piece.subarray(start, end));
      yield Buffer.concat(parts).toString('utf8');
      parts = [];
      size = 0;
      start = end + 1;
    }
    add(piece.subarray(start));
  }
}
