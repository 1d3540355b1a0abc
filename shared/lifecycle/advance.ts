import type { ClusterRef } from '../cluster/port.js';
import { isAmunError } from '../errors/amun-error.js';
import { decide, endingOfJob, type Ending } from '../inspection/decide.js';
import type { BuildObservation, JobObservation } from '../inspection/observation.js';
import { isFinal } from '../inspection/phase.js';
import type { BuildOutcome, InspectionRecord, JobOutcome } from '../inspection/record.js';
import type { Versioned } from '../store/port.js';
import { collectRuns } from './collect-job.js';
import { finish, settle } from './finish.js';
import type { Ports } from './ports.js';
import { readSpecification } from './read-specification.js';
import { rebuild } from './rebuild.js';
import { removeArtifacts } from './remove-artifacts.js';
import { noteJob, startJob } from './start-job.js';
import { endTurn } from './turns.js';

/** A build whose outcome is stored. */
export interface EndedBuild {
  readonly id: string;
  readonly outcome: BuildObservation;
}

/**
 * Takes an inspection one step further, by what the store and the cluster say now. Whoever has a
 * reason to think that something happened calls it; calling it twice, late or for nothing does no
 * harm. An id without a record is nobody's: nothing happens. What no further try would change (a
 * cluster that refuses the job, a specification that is gone) ends the inspection.
 *
 * @param ended the build whose end is the reason
 */
export async function advance(ports: Ports, id: string, ended?: EndedBuild): Promise<void> {
  const found = await ports.store.inspections.get(id);
  if (found === undefined) return;
  const record = found.value;
  if (isFinal(record.phase)) return settle(ports, record);
  const build = await findOutcome(ports, record, ended);
  try {
    await takeStep(ports, found, build, ended);
  } catch (error) {
    if (!isAmunError(error) || error.entry.retryable) throw error;
    if (await isDeleted(ports, id)) return removeTraces(ports, record);
    await finish(ports, id, refused(error.message), outcomeOfBuild(build));
  }
}

/** How its build ended; undefined where it has not, and where the record says so itself already. */
async function findOutcome(
  { store }: Ports,
  { phase, buildId, build }: InspectionRecord,
  ended: EndedBuild | undefined,
): Promise<BuildObservation | undefined> {
  if (phase === 'running' && build !== undefined) return undefined;
  if (ended?.id === buildId) return ended.outcome;
  return (await store.builds.get(buildId))?.value.outcome;
}

async function isDeleted({ store }: Ports, id: string): Promise<boolean> {
  return (await store.inspections.get(id)) === undefined;
}

/** Others ended and deleted it while we were at it: what we have brought since then goes as well. */
async function removeTraces(ports: Ports, record: InspectionRecord): Promise<void> {
  const job: ClusterRef = { kind: 'job', id: record.id };
  await removeArtifacts(ports.store, record);
  await ports.cluster.cancel(job);
  await ports.cluster.collected(job);
  await endTurn(ports, job);
}

async function takeStep(
  ports: Ports,
  found: Versioned<InspectionRecord>,
  build: BuildObservation | undefined,
  ended: EndedBuild | undefined,
): Promise<void> {
  const record = found.value;
  const job = mayHaveJob(record, ended) ? await ports.cluster.observeJob(record.id) : undefined;
  const decision = decide({ record, build, job });
  const outcome = outcomeOfBuild(build);
  switch (decision.step) {
    case 'wait':
      return job === undefined ? undefined : noteJob(ports, record.id, outcome, found);
    case 'resume-job':
      await ports.cluster.resume({ kind: 'job', id: record.id });
      return noteJob(ports, record.id, outcome, found);
    case 'settle':
      return settle(ports, record);
    case 'finish':
      return finish(ports, record.id, decision.ending, outcome, found);
    case 'rebuild':
      return rebuild(ports, record);
    case 'start-job':
      return startJob(ports, found, decision.image, outcome);
    case 'collect-job':
      return collectJob(ports, found, decision.job, outcome);
  }
}

/**
 * Whether to ask for the job. When its build ends it has none, unless somebody died over noting it;
 * then it is asked for once more, which finds the one that is there.
 */
function mayHaveJob(
  { hasScript, phase, cancelRequested }: InspectionRecord,
  ended: EndedBuild | undefined,
): boolean {
  return hasScript && (ended === undefined || phase === 'running' || cancelRequested === true);
}

async function collectJob(
  ports: Ports,
  found: Versioned<InspectionRecord>,
  job: JobObservation,
  build: { readonly build?: BuildOutcome },
): Promise<void> {
  const record = found.value;
  const { id } = record;
  const specification = await readSpecification(ports.store, id);
  const runs = await collectRuns(ports, id, job, specification);
  // Collected by somebody else meanwhile: what is left is to see that it is settled.
  if (runs === undefined) {
    if (!(await isDeleted(ports, id))) return advance(ports, id);
    return removeTraces(ports, record);
  }
  const outcome: JobOutcome = { runs, ...times(job) };
  await finish(ports, id, endingOfJob(job, runs), { ...build, job: outcome }, found);
}

function refused(message: string): Ending {
  return { phase: 'failed', reason: 'ClusterError', message };
}

/** The build as an inspection's record keeps it. */
function outcomeOfBuild(build: BuildObservation | undefined): { build?: BuildOutcome } {
  if (build === undefined) return {};
  return { build: { ...build, exitCode: build.exitCode ?? null } };
}

function times(job: JobObservation): { startedAt?: string; finishedAt?: string } {
  return {
    ...(job.startedAt === undefined ? {} : { startedAt: job.startedAt }),
    ...(job.finishedAt === undefined ? {} : { finishedAt: job.finishedAt }),
  };
}
