import { setTimeout as sleep } from 'node:timers/promises';

/** Waits; throws as soon as the signal is aborted. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal });
}
