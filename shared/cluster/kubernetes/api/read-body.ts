import type { IncomingMessage } from 'node:http';
import { AmunError } from '../../../errors/amun-error.js';

/** Reads an answer's body; throws TooLarge above `limit` bytes, and what Node throws if it breaks off. */
export async function readBody(answer: IncomingMessage, limit: number): Promise<Buffer> {
  try {
    if (Number(answer.headers['content-length']) > limit) throw tooLarge(limit);
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of answer as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > limit) throw tooLarge(limit);
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  } finally {
    // Does nothing to one that was read to its end: its connection serves again.
    answer.destroy();
  }
}

function tooLarge(limit: number): AmunError {
  return new AmunError(
    'TooLarge',
    `The API server's answer is larger than ${limit / 1024 / 1024} MiB; ask for less of it.`,
  );
}
