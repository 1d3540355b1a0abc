import type { InFlightEntry } from '../../shared/store/port.js';
import type { Sightings } from './sightings.js';

/** In how many passes one record is read that nothing seems to happen to. */
const PASSES = 6;

/**
 * Which inspections need not be looked at in a pass: all was well with them a few passes ago, and the
 * watch shows their build or their job running. With ten thousand in flight, hardly any other is.
 */
export class Rests {
  /** By inspection and build, the pass in which it was looked at last. */
  private looked = new Map<string, number>();
  private pass = 0;

  constructor(private readonly cluster: Pick<Sightings, 'isRunning'>) {}

  /** Begins a pass. @returns those to be looked at */
  take(entries: readonly InFlightEntry[]): InFlightEntry[] {
    this.pass += 1;
    const known = this.looked;
    this.looked = new Map();
    return entries.filter((entry) => {
      const key = keyOf(entry);
      const looked = known.get(key);
      if (looked === undefined || this.pass - looked >= PASSES) return true;
      const { buildId, inspectionId } = entry;
      const rests =
        this.cluster.isRunning({ kind: 'job', id: inspectionId }) ||
        this.cluster.isRunning({ kind: 'build', id: buildId });
      if (rests) this.looked.set(key, looked);
      return !rests;
    });
  }

  /** All is well with it in this pass. */
  note(entry: InFlightEntry): void {
    this.looked.set(keyOf(entry), this.pass);
  }
}

function keyOf({ buildId, inspectionId }: InFlightEntry): string {
  return `${buildId}.${inspectionId}`;
}
