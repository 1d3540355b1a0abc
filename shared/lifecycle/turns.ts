import type { ClusterRef } from '../cluster/port.js';
import { createBuildComplete, createJobComplete } from '../events/create-event.js';
import type { Queue } from '../store/port.js';
import type { Ports } from './ports.js';

/** Tells an event that calls for a start from the one about an end; the same for all who publish it. */
const HINT = 'turn';

/** Where builds, or jobs, wait for their turn. */
export interface Line {
  readonly queue: Queue;
  readonly bound: number;
}

/** The line for builds, or for jobs; undefined where they are not bounded. */
export function lineOf(
  { store, settings }: Pick<Ports, 'store' | 'settings'>,
  kind: ClusterRef['kind'],
): Line | undefined {
  const { maxBuilds, maxRuns } = settings;
  const bound = kind === 'build' ? maxBuilds : maxRuns;
  if (bound === undefined) return undefined;
  return { queue: kind === 'build' ? store.queues.builds : store.queues.runs, bound };
}

/**
 * Asks whether a build or job may be started now; everybody who is about to start one does. Who may
 * not has a place in the queue, and is hinted at once its turn comes.
 *
 * @param weight how much of the bound it takes
 * @param isOver asked last of all: whether it was cancelled or has ended meanwhile
 */
export async function takeTurn(
  ports: Ports,
  { kind, id }: ClusterRef,
  weight: number,
  isOver: () => Promise<boolean>,
): Promise<boolean> {
  const line = lineOf(ports, kind);
  if (line === undefined) return true;
  await line.queue.enter(id, weight);
  if (!(await line.queue.admitted(line.bound)).has(id)) return false;
  // First noted, then asked. Whoever ends it writes the end first and then asks for the note: so
  // one of the two learns of the other, and none is started whose place is given to another.
  await line.queue.begin(id);
  return !(await isOver());
}

/** Gives up the place of what has ended and is not in the cluster any more; the next ones are told. */
export async function endTurn(ports: Ports, { kind, id }: ClusterRef): Promise<void> {
  const line = lineOf(ports, kind);
  if (line === undefined) return;
  await line.queue.leave(id);
  for (const next of await line.queue.due(line.bound)) {
    const event = kind === 'build' ? createBuildComplete : createJobComplete;
    await ports.bus.publish(event(next, { hint: HINT }));
  }
}

/**
 * The same for what was cancelled and is not in the cluster. Where somebody was about to start it,
 * it may be there in a moment: then its end, or the reconciler, gives its place up.
 */
export async function endCancelledTurn(ports: Ports, ref: ClusterRef): Promise<void> {
  if ((await lineOf(ports, ref.kind)?.queue.hasBegun(ref.id)) === true) return;
  await endTurn(ports, ref);
}
