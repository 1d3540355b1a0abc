import type { ServerResponse } from 'node:http';
import { bindEnding } from './bind-ending.js';

/** What makes a call pointless. */
export interface Wanting {
  /** Where the answer is to go: closed before it was sent, nobody reads it. */
  readonly response?: ServerResponse | undefined;
  /** Aborted when there is no more time to wait. */
  readonly signal?: AbortSignal | undefined;
}

/** Makes a call with a signal that is aborted once nobody wants it any more. */
export async function whileWanted<T>(
  { response, signal: outer }: Wanting,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal, end, release } = bindEnding(outer);
  // It may have happened before, and tells nobody again.
  if (response?.destroyed === true) end();
  response?.once('close', end);
  try {
    return await call(signal);
  } finally {
    response?.off('close', end);
    release();
  }
}
