import { setTimeout as sleep } from 'node:timers/promises';
import { loadFunctionLimits } from '../../shared/config/function-limits.js';
import { AmunError } from '../../shared/errors/amun-error.js';
import { isFinal } from '../../shared/inspection/phase.js';
import type { InspectionRecord } from '../../shared/inspection/record.js';
import type { Store } from '../../shared/store/port.js';

/** Of the time that a call may take; the rest is for the answer. */
const SHARE_OF_LIMIT = 0.8;
const SHORTEST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/**
 * The record once the inspection has ended, or after that time as it is then; never later than a
 * function may answer. Throws NotFound where it was removed meanwhile.
 *
 * The record is read again and again: that is one message to the store a second at most, while
 * telling every waiter of changes would need something there for each of them.
 */
export async function waitForEnd(
  store: Pick<Store, 'inspections'>,
  record: InspectionRecord,
  seconds: number,
  { execTimeoutMs } = loadFunctionLimits(),
): Promise<InspectionRecord> {
  const end = Date.now() + Math.min(seconds * 1_000, execTimeoutMs * SHARE_OF_LIMIT);
  let newest = record;
  let pause = SHORTEST_PAUSE_MS;
  while (!isFinal(newest.phase) && Date.now() < end) {
    await sleep(Math.min(pause, end - Date.now()));
    pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS);
    const read = await store.inspections.get(record.id);
    if (read === undefined) {
      throw new AmunError('NotFound', `There is no inspection "${record.id}" any more.`);
    }
    newest = read.value;
  }
  return newest;
}
