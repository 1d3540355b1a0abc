import type { InspectionRecord } from '../inspection/record.js';
import type { Place } from './port.js';

/** Where a record stands in the order. */
export function placeOf({ id, created }: InspectionRecord): Place {
  const time = Date.parse(created);
  return { id, created: Number.isNaN(time) ? 0 : time };
}

/** Negative where the first one is the older. */
export function comparePlaces(left: Place, right: Place): number {
  if (left.created !== right.created) return left.created - right.created;
  if (left.id === right.id) return 0;
  return left.id < right.id ? -1 : 1;
}
