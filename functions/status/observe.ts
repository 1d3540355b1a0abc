import type { ClusterRef } from '../../shared/cluster/port.js';
import type {
  BuildObservation,
  JobObservation,
  RunObservation,
} from '../../shared/inspection/observation.js';
import { isFinal, laterPhase, type Phase } from '../../shared/inspection/phase.js';
import type { BuildOutcome, InspectionRecord, JobOutcome } from '../../shared/inspection/record.js';
import type { Ports } from '../../shared/lifecycle/ports.js';
import { lineOf } from '../../shared/lifecycle/turns.js';
import { ClusterSight, OUT_OF_SIGHT } from './cluster-sight.js';

/** An inspection as it is at this moment: what is stored and, while it is in flight, what is seen. */
export interface Snapshot {
  readonly record: InspectionRecord;
  readonly phase: Phase;
  readonly build: BuildObservation | undefined;
  readonly job: JobObservation | undefined;
  /** Set where the cluster does not answer: the sentence that says so. What is stored is all there is. */
  readonly outOfSight?: string;
}

/**
 * Takes a snapshot; asks the cluster only for what has not ended.
 *
 * @param sight shared by all that one answer is about
 */
export async function observe(
  ports: Ports,
  record: InspectionRecord,
  sight = new ClusterSight(ports.log),
): Promise<Snapshot> {
  if (isFinal(record.phase)) {
    const job = record.job && storedJob(record.job);
    return { record, phase: record.phase, build: record.build && storedBuild(record.build), job };
  }
  const [known, job] = await Promise.all([
    ports.store.builds.get(record.buildId),
    record.hasScript ? sight.see(() => ports.cluster.observeJob(record.id)) : NOTHING,
  ]);
  const outcome = known?.value.outcome;
  const build =
    outcome === undefined
      ? await sight.see(() => ports.cluster.observeBuild(record.buildId))
      : { seen: outcome };
  if (job === undefined || build === undefined) return remember(record, outcome);
  return { record, phase: phaseOf(record, build.seen, job.seen), build: build.seen, job: job.seen };
}

const NOTHING = { seen: undefined };

/** What the store knows of an inspection in flight. */
function remember(record: InspectionRecord, outcome: BuildObservation | undefined): Snapshot {
  const build = outcome ?? (record.build && storedBuild(record.build));
  const job = record.phase === 'running' ? ({ state: 'running', runs: [] } as const) : undefined;
  const phase = phaseOf(record, build, undefined);
  return { record, phase, build, job, outOfSight: OUT_OF_SIGHT };
}

/**
 * The same with the place in the queue, where what is next is not in the cluster because a bound on
 * builds or runs is reached. It then reads like something that waits in the cluster's own queue.
 */
export async function observeWithPlace(ports: Ports, record: InspectionRecord): Promise<Snapshot> {
  const snapshot = await observe(ports, record);
  const { build, job } = snapshot;
  if (isFinal(record.phase) || job !== undefined) return snapshot;
  if (build === undefined) {
    const position = await findPlace(ports, { kind: 'build', id: record.buildId });
    return position === undefined
      ? snapshot
      : { ...snapshot, build: { state: 'waiting', position } };
  }
  if (build.image === undefined || !record.hasScript) return snapshot;
  const position = await findPlace(ports, { kind: 'job', id: record.id });
  return position === undefined
    ? snapshot
    : { ...snapshot, job: { state: 'waiting', runs: [], position } };
}

async function findPlace(ports: Ports, { kind, id }: ClusterRef): Promise<number | undefined> {
  const line = lineOf(ports, kind);
  return line?.queue.position(id, line.bound);
}

/**
 * The phase as it can be seen: a build that runs makes it building, a job running. Runs that wait
 * for their turn make it queued only where nothing was built before, since a phase never goes back.
 */
function phaseOf(
  record: InspectionRecord,
  build: BuildObservation | undefined,
  job: JobObservation | undefined,
): Phase {
  if (job !== undefined) {
    return job.state === 'waiting' && record.buildReused ? 'queued' : 'running';
  }
  if (build === undefined || build.state === 'waiting' || record.buildReused) return record.phase;
  const isBuilt = record.hasScript && build.image !== undefined;
  return laterPhase(record.phase, isBuilt ? 'running' : 'building');
}

function storedBuild({ exitCode, ...outcome }: BuildOutcome): BuildObservation {
  return exitCode === null ? outcome : { ...outcome, exitCode };
}

function storedJob({ runs, ...outcome }: JobOutcome): JobObservation {
  return {
    ...outcome,
    state: 'terminated',
    runs: runs.map(({ exitCode, ...run }): RunObservation => {
      const ended = { ...run, state: 'terminated' as const };
      return exitCode === null ? ended : { ...ended, exitCode };
    }),
  };
}
