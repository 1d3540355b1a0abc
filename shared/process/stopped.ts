import { once } from 'node:events';

/** Resolves once the signal is aborted, at once where it is already; to race something against. */
export async function stopped(signal: AbortSignal): Promise<undefined> {
  if (!signal.aborted) await once(signal, 'abort');
  return undefined;
}
