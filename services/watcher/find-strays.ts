import type { Cluster, ClusterRef } from '../../shared/cluster/port.js';
import { isAmunError } from '../../shared/errors/amun-error.js';
import type { BuildObservation, JobObservation } from '../../shared/inspection/observation.js';
import { isFinal } from '../../shared/inspection/phase.js';
import { mapBounded } from '../../shared/concurrency/map-bounded.js';
import type { Ports } from '../../shared/lifecycle/ports.js';
import type { InFlightEntry } from '../../shared/store/port.js';
import { NO_QUEUES, type QueueSnapshots } from './read-queues.js';

const CONCURRENCY = 25;
const KINDS = ['build', 'job'] as const;

/** Whoever can tell of builds and jobs. */
type Observer = Pick<Cluster, 'observeBuild' | 'observeJob'>;

/** What a look at store and cluster brought to light. */
export interface Strays {
  /** Builds and jobs whose end nobody has acted on, or that are nowhere. */
  readonly missed: readonly ClusterRef[];
  /**
   * In flight without a record that names this build: a submission, or a move to another build,
   * that was cut off, or that goes on right now.
   */
  readonly orphans: readonly InFlightEntry[];
  /** Places in a queue of what nobody waits for, and the cluster does not carry. */
  readonly leftovers: readonly ClusterRef[];
  /** Ended, and not exported yet. */
  readonly unexported: readonly ClusterRef[];
  /** All is as it should be with these. */
  readonly well: readonly InFlightEntry[];
}

/**
 * Compares the inspections in flight with what the cluster has: each of them must have a build or
 * a job that is under way, or wait for its turn. What has a place in a queue must be under way once
 * its turn has come. Whoever acts on it looks again, live. One that cannot be read is passed over, so
 * that the others are seen to.
 *
 * @param entries all that is in flight
 * @param due those of them to look at
 */
export async function findStrays(
  {
    store,
    cluster,
    log,
    exporter,
  }: Pick<Ports, 'store' | 'log' | 'exporter'> & { readonly cluster: Observer },
  entries: readonly InFlightEntry[],
  queues: QueueSnapshots = NO_QUEUES,
  due = entries,
): Promise<Strays> {
  const missed = new Map<string, ClusterRef>();
  const orphans: InFlightEntry[] = [];
  const leftovers: ClusterRef[] = [];
  const unexported: ClusterRef[] = [];
  const well: InFlightEntry[] = [];
  const observeBuild = remember((id) => cluster.observeBuild(id));

  const look = async (entry: InFlightEntry): Promise<void> => {
    const { inspectionId, buildId } = entry;
    const record = (await store.inspections.get(inspectionId))?.value;
    const job: ClusterRef = { kind: 'job', id: inspectionId };
    if (record?.buildId !== buildId) {
      orphans.push(entry);
    } else if (exporter !== undefined && isFinal(record.phase) && !record.exportedAt) {
      unexported.push(job);
    } else if (isFinal(record.phase) || record.cancelRequested === true) {
      missed.set(inspectionId, job);
    } else if (record.phase === 'running') {
      if (isUnderWay(await cluster.observeJob(inspectionId))) well.push(entry);
      else missed.set(inspectionId, job);
    } else if (queues.job.ids.has(inspectionId)) {
      // Built already. Its turn has come, and nothing came of it yet.
      if (!queues.job.waiting.has(inspectionId)) missed.set(inspectionId, job);
    } else if (!queues.build.waiting.has(buildId) && !isUnderWay(await observeBuild(buildId))) {
      missed.set(buildId, { kind: 'build', id: buildId });
    } else {
      well.push(entry);
    }
  };

  const wanted = new Set(entries.flatMap((entry) => [entry.inspectionId, entry.buildId]));
  const lookAtPlace = async (ref: ClusterRef): Promise<void> => {
    const { kind, id } = ref;
    if (queues[kind].waiting.has(id)) {
      if (!wanted.has(id)) leftovers.push(ref);
    } else if (kind === 'job') {
      // Those in flight have been looked at.
      if (!wanted.has(id) && !isUnderWay(await cluster.observeJob(id))) leftovers.push(ref);
    } else {
      const seen = await observeBuild(id);
      if (seen === undefined && !wanted.has(id)) leftovers.push(ref);
      else if (!isUnderWay(seen)) missed.set(id, ref);
    }
  };

  const passOver = async (id: string, looking: Promise<void>): Promise<void> => {
    try {
      await looking;
    } catch (error) {
      if (isAmunError(error, 'Unavailable')) throw error;
      log.error({ err: error, id }, 'cannot be reconciled');
    }
  };
  await mapBounded(due, CONCURRENCY, (entry) => passOver(entry.inspectionId, look(entry)));
  const places = KINDS.flatMap((kind) => [...queues[kind].ids].map((id) => ({ kind, id })));
  await mapBounded(places, CONCURRENCY, (ref) => passOver(ref.id, lookAtPlace(ref)));
  return { missed: [...missed.values()], orphans, leftovers, unexported, well };
}

function isUnderWay(seen: BuildObservation | JobObservation | undefined): boolean {
  return seen !== undefined && seen.state !== 'terminated' && seen.stalled !== true;
}

/** Asks once for each id. */
function remember<T>(ask: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (id) => {
    const known = answers.get(id) ?? ask(id);
    answers.set(id, known);
    return known;
  };
}
