import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { bindEnding } from './bind-ending.js';

/** A client that reads nothing for so long is given up on, so that nothing piles up for it. */
const STALL_MS = 30_000;

/** Resolves once the client read what was written; rejects at the signal, or where it reads nothing. */
export async function awaitDrain(
  raw: Writable,
  signal: AbortSignal,
  stallMs = STALL_MS,
): Promise<void> {
  const waiting = bindEnding(signal);
  const timer = setTimeout(waiting.end, stallMs);
  try {
    await once(raw, 'drain', { signal: waiting.signal });
  } finally {
    clearTimeout(timer);
    waiting.release();
  }
}
