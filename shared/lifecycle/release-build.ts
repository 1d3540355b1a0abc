import type { ClusterRef } from '../cluster/port.js';
import { createBuildComplete } from '../events/create-event.js';
import { isFinal } from '../inspection/phase.js';
import type { Ports } from './ports.js';
import { storeOutcome } from './store-outcome.js';
import { endCancelledTurn, lineOf } from './turns.js';

/** Ends a build that nobody waits for any more; whoever joins it at this moment has it made again. */
export async function releaseBuild(ports: Ports, buildId: string): Promise<void> {
  if (await isAwaited(ports, buildId)) return;
  const build: ClusterRef = { kind: 'build', id: buildId };
  await ports.cluster.cancel(build);
  if (lineOf(ports, 'build') === undefined) return;
  if ((await ports.cluster.observeBuild(buildId)) === undefined) await endUnstarted(ports, build);
}

/** A build that waits for its turn ends as one that runs: with an outcome, and an event. */
async function endUnstarted(ports: Ports, build: ClusterRef): Promise<void> {
  const finishedAt = ports.now().toISOString();
  await storeOutcome(ports, build.id, { state: 'terminated', reason: 'Cancelled', finishedAt });
  await ports.bus.publish(createBuildComplete(build.id, { hint: 'unstarted' }));
  await endCancelledTurn(ports, build);
}

async function isAwaited(ports: Ports, buildId: string): Promise<boolean> {
  // One after the other: of a thousand that share a build, the first one usually tells.
  for (const { inspectionId } of await ports.store.inFlight.list(buildId)) {
    const record = (await ports.store.inspections.get(inspectionId))?.value;
    // No record yet: somebody is joining at this moment.
    if (record === undefined) return true;
    const isOver = isFinal(record.phase) || record.cancelRequested === true;
    if (!isOver && record.buildId === buildId) return true;
  }
  return false;
}
