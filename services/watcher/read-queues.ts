import type { ClusterRef } from '../../shared/cluster/port.js';
import type { Ports } from '../../shared/lifecycle/ports.js';
import { lineOf } from '../../shared/lifecycle/turns.js';

/** A queue as it was at the moment of a pass. */
export interface QueueSnapshot {
  /** All that have a place. */
  readonly ids: ReadonlySet<string>;
  /** Those of them whose turn has not come. */
  readonly waiting: ReadonlySet<string>;
}

/** Both queues; empty where there are no bounds. */
export type QueueSnapshots = Readonly<Record<ClusterRef['kind'], QueueSnapshot>>;

const NOTHING: QueueSnapshot = { ids: new Set(), waiting: new Set() };

export const NO_QUEUES: QueueSnapshots = { build: NOTHING, job: NOTHING };

/**
 * Reads the queues. To be read before what is in flight: everybody who has a place was in flight
 * before, so a place without its inspection is one that was left behind.
 */
export async function readQueues(
  ports: Pick<Ports, 'store' | 'settings'>,
): Promise<QueueSnapshots> {
  const [build, job] = await Promise.all([readQueue(ports, 'build'), readQueue(ports, 'job')]);
  return { build, job };
}

async function readQueue(
  ports: Pick<Ports, 'store' | 'settings'>,
  kind: ClusterRef['kind'],
): Promise<QueueSnapshot> {
  const line = lineOf(ports, kind);
  if (line === undefined) return NOTHING;
  const entries = await line.queue.list();
  if (entries.length === 0) return NOTHING;
  const admitted = await line.queue.admitted(line.bound);
  // After the bound was lowered, there may be some that have begun and would not be admitted now.
  const waiting = entries.filter(({ id, begun }) => !begun && !admitted.has(id));
  return {
    ids: new Set(entries.map(({ id }) => id)),
    waiting: new Set(waiting.map(({ id }) => id)),
  };
}
