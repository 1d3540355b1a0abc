import type { Bus } from '../../shared/bus/port.js';
import type { WatchEvent } from '../../shared/cluster/port.js';
import { createBuildComplete, createJobComplete } from '../../shared/events/create-event.js';
import type { Log } from '../../shared/log/create-log.js';
import { ends } from './metrics.js';

/**
 * Publishes that a build or job has ended. The event's id follows from what it is about, so any
 * number of watchers, and any number of restarts, publish it once.
 */
export async function publishEnd(bus: Bus, log: Log, event: WatchEvent): Promise<void> {
  if (event.kind !== 'build' && event.kind !== 'job') return;
  if (event.observation.state !== 'terminated') return;
  const { duplicate } = await bus.publish(
    event.kind === 'build' ? createBuildComplete(event.id) : createJobComplete(event.id),
  );
  if (duplicate) return;
  ends.inc({ kind: event.kind });
  log.info({ kind: event.kind, id: event.id, reason: event.observation.reason }, 'ended');
}
