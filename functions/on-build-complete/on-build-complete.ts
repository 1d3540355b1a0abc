import { isAmunError } from '../../shared/errors/amun-error.js';
import { advance, type EndedBuild } from '../../shared/lifecycle/advance.js';
import { mapBounded } from '../../shared/concurrency/map-bounded.js';
import type { Ports } from '../../shared/lifecycle/ports.js';
import { endBuildTurn, recordBuild } from '../../shared/lifecycle/record-build.js';

/** Inspections taken further at once. */
const CONCURRENCY = 16;

/** What came of a hint. */
export interface BuildHandled {
  /** False where the build has not ended: the hint was early, or forged. */
  readonly ended: boolean;
  readonly inspections: number;
}

/**
 * A build may have ended: stores its log and outcome, takes every inspection that waits for it one
 * step further, and tells the cluster that the build is collected.
 */
export async function onBuildComplete(ports: Ports, buildId: string): Promise<BuildHandled> {
  const outcome = await recordBuild(ports, buildId, () => inFlight(ports, buildId));
  if (outcome === undefined) return { ended: false, inspections: 0 };
  await endBuildTurn(ports, buildId);
  // Whoever joined while the outcome was stored is in the list now, or has seen the outcome.
  const joined = await inFlight(ports, buildId);
  await advanceAll(ports, joined, { id: buildId, outcome });
  await ports.cluster.collected({ kind: 'build', id: buildId });
  return { ended: true, inspections: joined.length };
}

async function inFlight(ports: Ports, buildId: string): Promise<string[]> {
  return (await ports.store.inFlight.list(buildId)).map((entry) => entry.inspectionId);
}

/** One that fails does not keep the others from going on; where nothing answers, none is tried. */
async function advanceAll(ports: Ports, ids: readonly string[], build: EndedBuild): Promise<void> {
  const failures: unknown[] = [];
  await mapBounded(ids, CONCURRENCY, async (id) => {
    try {
      await advance(ports, id, build);
    } catch (error) {
      if (isAmunError(error, 'Unavailable')) throw error;
      ports.log.error({ err: error, inspection: id }, 'cannot be taken further');
      failures.push(error);
    }
  });
  if (failures.length > 0) throw failures[0];
}
