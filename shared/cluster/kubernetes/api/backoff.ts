import { setTimeout as sleep } from 'node:timers/promises';

export interface BackoffTiming {
  /** The longest first wait, milliseconds; each further one is twice as long. */
  readonly baseMs: number;
  readonly capMs: number;
}

/** The wait before the nth try after a failure (from 0), milliseconds: half of it is chance. */
export function backoffMs(failures: number, { baseMs, capMs }: BackoffTiming): number {
  const most = Math.min(capMs, baseMs * 2 ** Math.min(failures, 30));
  return most * (0.5 + Math.random() / 2);
}

/** Sleeps; returns early where the signal says so. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { ...(signal && { signal }) }).catch(() => undefined);
}
