import { setTimeout as sleep } from 'node:timers/promises';
import { AmunError, isAmunError } from '../errors/amun-error.js';
import type { Documents, Versioned } from './port.js';

/** With a hundred at once on one document, the unluckiest needs far fewer. */
const MAX_TRIES = 200;
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 50;

/**
 * Changes a document whoever else changes it at the same time. `change` is called with the newest
 * value, again after every lost race, so it must be pure; undefined means that nothing is to be
 * changed. Returns the value that is stored in the end. Throws NotFound where there is no such
 * document, and Conflict where others were faster every time.
 *
 * @param read what was read of it a moment ago, which spares reading it where that can be changed
 */
export async function changeDocument<T>(
  documents: Documents<T>,
  key: string,
  change: (value: T) => T | undefined,
  read?: Versioned<T>,
): Promise<T> {
  // What says that there is nothing to change may not be so any more.
  let known = read !== undefined && change(read.value) !== undefined ? read : undefined;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const found = known ?? (await documents.get(key));
    known = undefined;
    if (found === undefined) throw new AmunError('NotFound', `There is no ${key}.`);
    const changed = change(found.value);
    if (changed === undefined) return found.value;
    try {
      return (await documents.replace(key, changed, found.version)).value;
    } catch (error) {
      if (!isAmunError(error, 'Conflict')) throw error;
    }
    await sleep(pauseBefore(tries + 1));
  }
  throw new AmunError(
    'Conflict',
    `${key} was changed by others ${MAX_TRIES} times in a row; try again in a moment.`,
  );
}

/** Random, so that those who met once do not meet again; longer with every lost race. */
function pauseBefore(tries: number): number {
  return Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries, 10));
}
