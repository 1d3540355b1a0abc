import { isPassing } from './api-error.js';
import { pause } from './pause.js';

/** How long a service may be away while it is followed. */
const PATIENCE_MS = 60_000;
const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 2_000;

/**
 * Calls until it works: a service that is being restarted is waited for, a minute at most. Any
 * other failure is thrown at once, and so is the last one when patience ends.
 *
 * @param onTrouble told each time that an answer fails to come
 */
export async function persist<T>(
  call: () => Promise<T>,
  signal: AbortSignal,
  onTrouble: () => void,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const end = Date.now() + patienceMs;
  for (let delay = FIRST_DELAY_MS; ; delay = Math.min(delay * 2, LONGEST_DELAY_MS)) {
    try {
      return await call();
    } catch (error) {
      if (!isPassing(error) || Date.now() + delay > end) throw error;
      onTrouble();
      await pause(delay, signal);
    }
  }
}
