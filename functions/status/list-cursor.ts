import { AmunError } from '../../shared/errors/amun-error.js';
import { isInspectionId } from '../../shared/inspection/identity.js';
import type { Place } from '../../shared/store/port.js';

/** What a walk through the list begins with. */
const START = 'start';
const PREFIX = 'inspection-';

/** A place in the list as clients get it: "<time of submission, ms>-<the id's own part>". */
export function writeCursor({ created, id }: Place): string {
  return `${created}-${id.slice(PREFIX.length)}`;
}

/**
 * The place that a cursor names, whether anything is there (still) or not; undefined: the beginning.
 * Throws InvalidRequest for what cannot be a cursor.
 */
export function readCursor(text: string | undefined): Place | undefined {
  if (text === undefined || text === START) return undefined;
  const [, created, rest] = /^(\d{1,15})-(.+)$/.exec(text) ?? [];
  const id = `${PREFIX}${rest ?? ''}`;
  if (created !== undefined && isInspectionId(id)) return { created: Number(created), id };
  throw new AmunError(
    'InvalidRequest',
    `cursor is ${JSON.stringify(text.slice(0, 80))}; write start, or the next_cursor of an answer.`,
  );
}
