import { isAmunError } from '../errors/amun-error.js';
import type { BuildObservation } from '../inspection/observation.js';
import { isFinal } from '../inspection/phase.js';
import { buildLogKey } from './artifact-keys.js';
import { collectAdvice } from './collect-advice.js';
import type { Ports } from './ports.js';
import { BUILD_LOG_LIMIT, readLog } from './read-log.js';
import { readSpecification } from './read-specification.js';
import { startBuild } from './start-build.js';
import { recordOfBuild, storeOutcome } from './store-outcome.js';
import { endCancelledTurn, endTurn, lineOf } from './turns.js';

/**
 * Finds out how a build went and stores log and outcome, once: the first outcome stays. A build
 * that vanished ends as Lost; one that was never started is started, once its turn has come.
 *
 * @param waiting tells the ids of the inspections in flight that use it
 * @returns its outcome once that is stored
 */
export async function recordBuild(
  ports: Ports,
  id: string,
  waiting: () => Promise<readonly string[]>,
): Promise<BuildObservation | undefined> {
  const known = await ports.store.builds.get(id);
  if (known?.value.outcome !== undefined) return known.value.outcome;
  const seen = await ports.cluster.observeBuild(id);
  if (seen === undefined) {
    const ids = await waiting();
    // A forged event names a build that nobody waits for.
    if (ids.length === 0) return undefined;
    if (known === undefined) return startAgain(ports, id, ids);
    const finishedAt = ports.now().toISOString();
    return storeOutcome(ports, id, { state: 'terminated', reason: 'Lost', finishedAt });
  }
  if (seen.stalled === true) return resumeBuild(ports, id);
  if (seen.state !== 'terminated') return undefined;
  const log = await readLog(ports.cluster, { build: id }, BUILD_LOG_LIMIT);
  // Asked after the log was read: once there is an outcome the cluster may have dropped the log,
  // and the one that is stored is whole.
  const now = await ports.store.builds.get(id);
  if (now?.value.outcome !== undefined) return now.value.outcome;
  await ports.store.artifacts.put(buildLogKey(id), log ?? '');
  const outcome = await collectAdvice(ports, id, { waiting, log }, seen);
  return storeOutcome(ports, id, outcome, now);
}

/** Its outcome where the cluster refuses that for good, which is how the build ends then. */
async function resumeBuild(ports: Ports, id: string): Promise<BuildObservation | undefined> {
  try {
    await ports.cluster.resume({ kind: 'build', id });
    return undefined;
  } catch (error) {
    if (!isAmunError(error) || error.entry.retryable) throw error;
    const finishedAt = ports.now().toISOString();
    const end = { reason: 'ClusterError', message: error.message, finishedAt } as const;
    return storeOutcome(ports, id, { state: 'terminated', ...end });
  }
}

/** Gives up the place of a build whose outcome is stored. */
export async function endBuildTurn(ports: Ports, id: string): Promise<void> {
  if (lineOf(ports, 'build') === undefined) return;
  const outcome = (await ports.store.builds.get(id))?.value.outcome;
  const isUnseen =
    outcome?.reason === 'Cancelled' && (await ports.cluster.observeBuild(id)) === undefined;
  await (isUnseen ? endCancelledTurn : endTurn)(ports, { kind: 'build', id });
}

/** Whoever made the record was gone before it started the build, or had to wait for its turn. */
async function startAgain(
  ports: Ports,
  id: string,
  waiting: readonly string[],
): Promise<BuildObservation | undefined> {
  for (const inspectionId of waiting) {
    const record = (await ports.store.inspections.get(inspectionId))?.value;
    if (record === undefined || record.buildId !== id) continue;
    if (isFinal(record.phase) || record.cancelRequested === true) continue;
    try {
      const specification = await readSpecification(ports.store, inspectionId);
      if (await startBuild(ports, recordOfBuild(ports, id), specification)) return undefined;
      return (await ports.store.builds.get(id))?.value.outcome;
    } catch (error) {
      // Its specification is not kept any more; somebody else's is the same stack.
      if (!isAmunError(error, 'NotFound')) throw error;
    }
  }
  return undefined;
}
