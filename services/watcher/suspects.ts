import { keyOf } from '../../shared/cluster/key-of.js';
import type { ClusterRef } from '../../shared/cluster/port.js';

/** One pass may meet what is in hand. */
const FIRST_PASS = 2;
/** So many at once are hardly missed: they wait for the functions, behind each other. */
const CROWD = 20;
/** One of a crowd is hinted at this much later. */
const CROWD_PASSES = 4;
/** The longest that a next hint waits, in passes. */
const MOST_PASSES = 24;

interface Suspect {
  readonly ref: ClusterRef;
  /** Passes in a row that it was seen in. */
  readonly passes: number;
  /** The one of them at which it is hinted at next; undefined before the first hint. */
  readonly due: number | undefined;
  /** The pass, of all, at which it was hinted at last; 0: never. */
  readonly hinted: number;
}

/** Those that room is made for: as many as have ended elsewhere. */
export interface Room {
  readonly places: number;
  isWaitedFor(ref: ClusterRef): boolean;
}

const NO_ROOM: Room = { places: 0, isWaitedFor: () => false };

/**
 * What looks missed, pass by pass. A hint that is not acted upon waits behind other work, most
 * likely, and more hints would only add to that: so each comes twice as late as the one before. What
 * waits for room is hinted at besides once there is some, whoever was hinted at longest ago first.
 */
export class Suspects {
  private seen = new Map<string, Suspect>();
  private pass = 0;

  /** @param firstPass the pass at which something is hinted at first */
  constructor(private readonly firstPass = FIRST_PASS) {}

  /** Takes what one pass found. @returns what is to be hinted at now */
  take(missed: readonly ClusterRef[], room: Room = NO_ROOM): ClusterRef[] {
    this.pass += 1;
    const suspects = missed.map((ref) => this.look(ref));
    const firstPass = this.firstPass + (missed.length > CROWD ? CROWD_PASSES : 0);
    const due = new Set(suspects.filter(({ passes, due: at }) => passes >= (at ?? firstPass)));
    const first = suspects
      .filter((one) => !due.has(one) && one.passes >= this.firstPass && room.isWaitedFor(one.ref))
      .sort((one, other) => one.hinted - other.hinted)
      .slice(0, room.places);
    const hinted = new Set([...due, ...first]);
    // Whoever was not seen in this pass starts anew.
    this.seen = new Map(
      suspects.map((one) => [keyOf(one.ref), hinted.has(one) ? this.postpone(one) : one]),
    );
    return [...hinted].map(({ ref }) => ref);
  }

  private look(ref: ClusterRef): Suspect {
    const before = this.seen.get(keyOf(ref)) ?? { passes: 0, due: undefined, hinted: 0 };
    return { ...before, ref, passes: before.passes + 1 };
  }

  private postpone(suspect: Suspect): Suspect {
    const { passes } = suspect;
    return { ...suspect, due: passes + Math.min(passes, MOST_PASSES), hinted: this.pass };
  }
}
