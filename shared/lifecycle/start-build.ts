import type { ClusterRef } from '../cluster/port.js';
import { createBuildContext } from '../dockerfile/create-build-context.js';
import { isAmunError } from '../errors/amun-error.js';
import type { BuildRecord } from '../inspection/record.js';
import type { Specification } from '../inspection/specification.js';
import { layerCacheKey } from './layer-cache-key.js';
import type { Ports } from './ports.js';
import { endTurn, takeTurn } from './turns.js';

/**
 * Starts a build once its turn has come, and notes under its id that it was started: a build that is
 * noted and not in the cluster has vanished, one that is not noted was never started and may be
 * started again. What the cluster refuses for good is noted as its outcome, so that it ends everybody
 * who waits for it.
 *
 * @returns false where it has an outcome already: it was refused, or cancelled before it began
 */
export async function startBuild(
  ports: Ports,
  record: BuildRecord,
  specification: Specification,
): Promise<boolean> {
  const build: ClusterRef = { kind: 'build', id: record.id };
  let isOver = false as boolean;
  const isItsTurn = await takeTurn(ports, build, 1, async () => {
    isOver = await hasOutcome(ports, record.id);
    return isOver;
  });
  if (!isItsTurn) return !isOver;
  const refusal = await askForBuild(ports, record.id, specification);
  const note = refusal === undefined ? record : refused(ports, record, refusal);
  try {
    await ports.store.builds.create(record.id, note);
  } catch (error) {
    if (!isAmunError(error, 'AlreadyExists')) throw error;
    // Cancelled while it was asked for, by somebody who may not have seen it in the cluster.
    if (await hasOutcome(ports, record.id)) await ports.cluster.cancel(build);
  }
  if (refusal !== undefined) await endTurn(ports, build);
  return refusal === undefined;
}

async function hasOutcome(ports: Ports, id: string): Promise<boolean> {
  return (await ports.store.builds.get(id))?.value.outcome !== undefined;
}

/** The cluster's words where it refuses for good. */
async function askForBuild(
  ports: Ports,
  id: string,
  specification: Specification,
): Promise<string | undefined> {
  const { buildCacheSeconds, buildTimeoutSeconds } = ports.settings;
  const cacheKey = layerCacheKey(specification, ports.now(), buildCacheSeconds);
  try {
    await ports.cluster.ensureBuild({
      id,
      context: createBuildContext(specification),
      requests: specification.build.requests,
      timeoutSeconds: buildTimeoutSeconds,
      ...(cacheKey === undefined ? {} : { cacheKey }),
    });
    return undefined;
  } catch (error) {
    if (!isAmunError(error) || error.entry.retryable) throw error;
    return error.message;
  }
}

function refused(ports: Ports, record: BuildRecord, message: string): BuildRecord {
  const finishedAt = ports.now().toISOString();
  return {
    ...record,
    outcome: { state: 'terminated', reason: 'ClusterError', message, finishedAt },
  };
}
