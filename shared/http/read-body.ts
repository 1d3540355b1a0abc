import type { Readable } from 'node:stream';
import { AmunError } from '../errors/amun-error.js';

/** How much of a body that is too large is read and thrown away, as a multiple of the limit. */
const DRAIN_FACTOR = 32;

/**
 * Reads a request's whole body; throws TooLarge above `limit` bytes, InvalidRequest where it breaks
 * off. A body that is too large is read on for a while all the same: a client that is still sending
 * when the connection closes would see a reset instead of the answer.
 */
export async function readBody(stream: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else chunks.length = 0;
      if (size > limit * DRAIN_FACTOR) break;
    }
  } catch (error) {
    throw new AmunError('InvalidRequest', 'The request broke off before its body was complete.', {
      cause: error,
    });
  }
  if (size > limit) throw new AmunError('TooLarge', describeLimit(limit));
  return Buffer.concat(chunks);
}

/** The sentence for a body above the limit. */
export function describeLimit(limit: number): string {
  return `The request's body is larger than ${limit} bytes, which is what is accepted here; send less.`;
}
