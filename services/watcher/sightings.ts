import { keyOf } from '../../shared/cluster/key-of.js';
import type { Cluster, ClusterRef, WatchEvent } from '../../shared/cluster/port.js';
import { RefMap } from '../../shared/cluster/ref-map.js';
import type { BuildObservation, JobObservation } from '../../shared/inspection/observation.js';
import { Places } from './places.js';

/** How long a job counts as seen of which some runs are still to start, milliseconds. */
const RECHECK_MS = 30_000;
/** The same for what has not begun: nobody may have made it, which time alone tells. */
const RECHECK_WAITING_MS = 10_000;
/** The same for what runs: a pod that is to go on a node that does not answer is lost by time alone. */
const RECHECK_RUNNING_MS = 600_000;

/** Builds are asked after until their inspections are taken further, seconds after they are gone. */
const MOST_GONE = 10_000;

/** What the watch showed last, and until when that is enough. */
interface Sighting<T> {
  readonly seen: T;
  readonly until: number;
}

/**
 * What the watch has shown. To be running, or in a queue of the cluster's own: thousands of builds and
 * jobs that need not be asked after one by one. To be there at all, and to have gone. And to wait for
 * room, or to have made some. Everything else is read live, since time alone may end what waits, and a
 * watch may lag behind what is made.
 */
export class Sightings implements Pick<Cluster, 'observeBuild' | 'observeJob'> {
  readonly places = new Places();
  private readonly builds = new Map<string, Sighting<BuildObservation>>();
  private readonly jobs = new Map<string, Sighting<JobObservation>>();
  private readonly present = new RefMap<true>();
  /** What the watch saw go last. */
  private readonly gone = new Set<string>();

  constructor(
    private readonly cluster: Pick<Cluster, 'observeBuild' | 'observeJob'>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Takes what the watch shows. */
  note(event: WatchEvent): void {
    if (event.kind === 'synced') return;
    this.notePresence(event);
    this.places.note(event);
    if (event.kind === 'gone') {
      (event.ref.kind === 'build' ? this.builds : this.jobs).delete(event.ref.id);
    } else if (event.kind === 'build') this.keep(this.builds, event.id, event.observation);
    else this.keep(this.jobs, event.id, event.observation);
  }

  /** For a watch that broke off: nothing is known any more. */
  forget(): void {
    this.gone.clear();
    this.builds.clear();
    this.jobs.clear();
    this.present.clear();
    this.places.forget();
  }

  /** Everything that is there, however it is. */
  all(): ClusterRef[] {
    return [...this.present.refs()];
  }

  /** True where it ran when it was seen, and that is enough. */
  isRunning({ kind, id }: ClusterRef): boolean {
    const sighting = (kind === 'build' ? this.builds : this.jobs).get(id);
    if (sighting === undefined || this.now() >= sighting.until) return false;
    return sighting.seen.state === 'running';
  }

  observeBuild(id: string): Promise<BuildObservation | undefined> {
    return this.look('build', id, this.builds, () => this.cluster.observeBuild(id));
  }

  observeJob(id: string): Promise<JobObservation | undefined> {
    return this.look('job', id, this.jobs, () => this.cluster.observeJob(id));
  }

  private async look<T extends BuildObservation | JobObservation>(
    kind: ClusterRef['kind'],
    id: string,
    known: Map<string, Sighting<T>>,
    read: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    if (this.gone.has(keyOf({ kind, id }))) return undefined;
    const sighting = known.get(id);
    if (sighting !== undefined && this.now() < sighting.until) return sighting.seen;
    const seen = await read();
    // Time may have ended it, of which no event tells; where one came meanwhile, that is newer.
    if (seen !== undefined && sighting !== undefined && known.get(id) === sighting) {
      this.keep(known, id, seen);
    }
    return seen;
  }

  private keep<T extends BuildObservation | JobObservation>(
    known: Map<string, Sighting<T>>,
    id: string,
    seen: T,
  ): void {
    const until = this.enoughUntil(seen);
    if (until > 0) known.set(id, { seen, until });
    else known.delete(id);
  }

  /** Until when nothing but an event changes what was seen; 0: it may change by itself at any time. */
  private enoughUntil(seen: BuildObservation | JobObservation): number {
    if (seen.stalled === true || seen.held === true) return 0;
    // It stays as it is until it is gone, however long it is before somebody acts on it.
    if (seen.state === 'terminated') return Infinity;
    if (seen.state === 'waiting') {
      return seen.queue === undefined ? this.now() + RECHECK_WAITING_MS : Infinity;
    }
    // What was never made stalls by time alone, also while others of its runs go on, or have ended.
    const isWhole = !('runs' in seen) || seen.runs.every((run) => isSettled(run));
    return this.now() + (isWhole ? RECHECK_RUNNING_MS : RECHECK_MS);
  }

  private notePresence(event: Exclude<WatchEvent, { kind: 'synced' }>): void {
    const ref = event.kind === 'gone' ? event.ref : event;
    const key = keyOf(ref);
    this.gone.delete(key);
    if (event.kind !== 'gone') {
      this.present.set(ref, true);
      return;
    }
    this.present.delete(ref);
    this.gone.add(key);
    for (const oldest of this.gone) {
      if (this.gone.size <= MOST_GONE) break;
      this.gone.delete(oldest);
    }
  }
}

function isSettled({ state, queue }: JobObservation['runs'][number]): boolean {
  return state !== 'waiting' || queue !== undefined;
}
