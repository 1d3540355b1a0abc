import { apiStatusOf } from './api-status.js';
import { backoffMs, pause } from './backoff.js';
import { wasBroken, wasNeverSent } from './connection-error.js';
import type { Deadline } from './deadline.js';

const MAX_TRIES = 4;
const TIMING = { baseMs: 200, capMs: 5000 };

/**
 * Tries again what may pass, until the deadline. A write is sent again only where the server cannot
 * have carried it out; a read also where nobody knows.
 */
export async function withRetries<T>(
  isRead: boolean,
  deadline: Deadline,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      deadline.signal.throwIfAborted();
      if (failures + 1 >= MAX_TRIES || !mayPass(error, isRead)) throw error;
      const wait = apiStatusOf(error)?.retryAfterMs ?? 0;
      const total = wait + backoffMs(failures, TIMING);
      if (total >= deadline.left) throw error;
      await pause(total, deadline.signal);
      deadline.signal.throwIfAborted();
    }
  }
}

function mayPass(error: unknown, isRead: boolean): boolean {
  const status = apiStatusOf(error)?.status;
  // 429: the server turned it away before it looked at it.
  if (status === 429 || wasNeverSent(error)) return true;
  return isRead && (status === 503 || wasBroken(error));
}
