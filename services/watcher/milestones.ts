import type { ClusterRef, WatchEvent } from '../../shared/cluster/port.js';
import { RefMap } from '../../shared/cluster/ref-map.js';
import type { Progress } from '../../shared/events/create-event.js';
import type { JobObservation } from '../../shared/inspection/observation.js';

/** What a build or job has come to, worth telling. */
export interface Milestone {
  readonly ref: ClusterRef;
  readonly progress: Progress;
}

/** What a watch shows at first is news for so long; whatever is older was told by somebody before. */
const NEWS_MS = 120_000;
const OVER = Number.MAX_SAFE_INTEGER;

/**
 * Finds in what a watch shows the few things that are worth an event: that a build, or the first run
 * of a job, has started, and each quarter of the runs that has ended. The end itself is none of them.
 */
export class Milestones {
  /** By build and job: 1 for started, one more for each quarter. */
  private readonly reached = new RefMap<number>();
  private isSynced = false;

  /** Takes what the watch shows at that time, milliseconds. */
  take(event: WatchEvent, now: number): Milestone | undefined {
    if (event.kind === 'synced') this.isSynced = true;
    else if (event.kind === 'gone') this.reached.delete(event.ref);
    else return this.look(event, now);
    return undefined;
  }

  /** For a watch that broke off: the next one shows everything anew. */
  forget(): void {
    this.reached.clear();
    this.isSynced = false;
  }

  private look(
    event: Extract<WatchEvent, { kind: 'build' | 'job' }>,
    now: number,
  ): Milestone | undefined {
    const ref: ClusterRef = { kind: event.kind, id: event.id };
    const { state, startedAt } = event.observation;
    const before = this.reached.get(ref) ?? 0;
    if (state === 'waiting') return undefined;
    if (state === 'terminated') {
      this.reached.set(ref, OVER);
      return undefined;
    }
    const progress = event.kind === 'build' ? BUILDING : progressOf(event.observation);
    const step = 1 + progress.quarters;
    if (step <= before) return undefined;
    this.reached.set(ref, step);
    const isNews = this.isSynced || now - Date.parse(startedAt ?? '') < NEWS_MS;
    return isNews ? { ref, progress } : undefined;
  }
}

const BUILDING: Progress = { phase: 'building', runsEnded: 0, quarters: 0 };

function progressOf({ runs }: JobObservation): Progress {
  const runsEnded = runs.filter(({ state }) => state === 'terminated').length;
  const quarters = Math.min(3, Math.floor((4 * runsEnded) / Math.max(1, runs.length)));
  return { phase: 'running', runsEnded, quarters };
}
