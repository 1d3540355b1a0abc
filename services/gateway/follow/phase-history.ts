import { createHash } from 'node:crypto';
import { isFinal, PHASES, type Phase } from '../../../shared/inspection/phase.js';
import type { FollowPosition } from './follow-position.js';
import type { SeenStatus } from './inspection-source.js';

/** One change of an inspection's phase, or of what is said of it. */
export interface PhaseEntry {
  readonly rank: number;
  readonly digest: string;
  /** The event's data as JSON. */
  readonly json: string;
}

/** Places in a queue may change often; who was away for longer than this is told the newest only. */
const KEPT = 64;

/** The phases that an inspection was seen in, in order. */
export class PhaseHistory {
  readonly #entries: PhaseEntry[] = [];
  #last: SeenStatus | undefined;

  /** Notes what is new; false where nothing is. A phase never goes back, whatever was seen late. */
  add(status: SeenStatus): boolean {
    const { inspection_id, phase, reason, message, position, created, finished } = status;
    const rank = (PHASES as readonly string[]).indexOf(phase);
    const newest = this.#entries.at(-1);
    if (rank < (newest?.rank ?? 0)) return false;
    const json = JSON.stringify({
      inspection_id,
      phase,
      reason,
      message,
      position,
      created,
      finished,
    });
    const digest = createHash('sha256').update(json).digest('hex').slice(0, 8);
    if (digest === newest?.digest) return false;
    this.#last = status;
    this.#entries.push({ rank, digest, json });
    if (this.#entries.length > KEPT) this.#entries.shift();
    return true;
  }

  /** The newest status that changed something. */
  get last(): SeenStatus | undefined {
    return this.#last;
  }

  /** True once the inspection has ended. */
  get isFinal(): boolean {
    return this.#last !== undefined && isFinal(this.#last.phase as Phase);
  }

  /** What comes after the one that a follower was told of last. */
  after(told: FollowPosition['phase']): PhaseEntry | undefined {
    if (told === undefined) return this.#entries[0];
    const index = this.#entries.findLastIndex(({ digest }) => digest === told.digest);
    if (index !== -1) return this.#entries[index + 1];
    const newest = this.#entries.at(-1);
    // Another gateway may have seen more than this one so far.
    return newest !== undefined && newest.rank >= told.rank ? newest : undefined;
  }
}
