import { keyOf } from '../key-of.js';
import type { ClusterRef } from '../port.js';
import type { Seen } from './cluster-view.js';
import { latestPods } from './observe/attempts.js';
import type { Objects } from './read-objects.js';

/** Runs to remember; whoever looks at an end reads its log next. */
const MAX_RUNS = 5000;

/**
 * Which pods were seen ended, of builds and jobs that were seen ended as a whole: their logs can be
 * read without asking for owner and pod once more. What is forgotten is asked for. Where a node is
 * lost right after the end, another pod may take such a one's place; the next look shows that.
 */
export class EndedPods {
  readonly #names = new Map<string, string>();

  /** Takes what was seen: pods of what has ended count, those of anything else do no more. */
  note({ owner, pods }: Objects, { observation }: Seen): void {
    for (const [item, pod] of latestPods(owner, pods)) {
      const key = runKey(owner.ref, item);
      this.#names.delete(key);
      const hasEnded = observation.state === 'terminated' && pod.main?.state === 'terminated';
      if (hasEnded) this.#names.set(key, pod.name);
    }
    for (const key of this.#names.keys()) {
      if (this.#names.size <= MAX_RUNS) break;
      this.#names.delete(key);
    }
  }

  /** The name of the pod that carried out a run, or a build as item 0; undefined where not known. */
  nameOf(ref: ClusterRef, item: number): string | undefined {
    return this.#names.get(runKey(ref, item));
  }
}

function runKey(ref: ClusterRef, item: number): string {
  return `${keyOf(ref)}/${item}`;
}
