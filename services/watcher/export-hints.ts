import type { ClusterRef } from '../../shared/cluster/port.js';

/** One pass may meet what is being exported right now. */
const FIRST_PASS = 2;
/** The longest from one look to the next while nothing gets through, passes. */
const MOST_PASSES = 24;
const MOST_AT_ONCE = 256;

/**
 * Which of the inspections that wait for their export are to be looked at again. Each of them once;
 * after that, while nothing gets through, a single one ever more seldom, since thousands may wait for
 * a store that is away for a day; once one got through, twice as many with every pass.
 */
export class ExportHints {
  private passes = new Map<string, number>();
  /** Looked at before, and still waiting; whoever was looked at last is last. */
  private hinted = new Set<string>();
  private atOnce = 1;
  private pause = 1;
  private rested = 0;

  /** Takes what one pass found waiting. @returns what is to be hinted at now */
  take(waiting: readonly ClusterRef[]): ClusterRef[] {
    const refs = new Map(waiting.map((ref) => [ref.id, ref]));
    this.passes = new Map([...refs.keys()].map((id) => [id, (this.passes.get(id) ?? 0) + 1]));
    const known = [...this.hinted].filter((id) => refs.has(id));
    const gotThrough = known.length < this.hinted.size;
    const first = [...refs.keys()].filter(
      (id) => !this.hinted.has(id) && (this.passes.get(id) ?? 0) >= FIRST_PASS,
    );
    const again = known.slice(0, this.countAgain(known.length > 0, gotThrough));
    // One that never gets through holds up nobody: it goes to the end.
    this.hinted = new Set([...known.slice(again.length), ...again, ...first]);
    return [...again, ...first].flatMap((id) => refs.get(id) ?? []);
  }

  private countAgain(isAnyWaiting: boolean, gotThrough: boolean): number {
    if (!isAnyWaiting) {
      this.atOnce = 1;
      this.pause = 1;
      this.rested = 0;
      return 0;
    }
    if (gotThrough) {
      this.atOnce = Math.min(2 * this.atOnce, MOST_AT_ONCE);
      this.pause = 1;
      this.rested = 0;
      return this.atOnce;
    }
    this.rested += 1;
    if (this.rested < this.pause) return 0;
    this.rested = 0;
    this.atOnce = 1;
    this.pause = Math.min(2 * this.pause, MOST_PASSES);
    return 1;
  }
}
