import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { openPorts } from '../../shared/backend/open-ports.js';
import type { Ports } from '../../shared/lifecycle/ports.js';
import { runService } from '../../shared/process/run-service.js';
import { stopped } from '../../shared/process/stopped.js';
import { ProgressReporter } from './progress-reporter.js';
import { Reconciler } from './reconcile.js';
import { reportCluster } from './report-cluster.js';
import { Sightings } from './sightings.js';
import { watchCluster } from './watch-cluster.js';

/** Between two passes of the reconciler: what was missed is seen to within twice this time. */
const RECONCILE_EVERY_MS = 5000;

/**
 * How far the heap may grow beyond what is in use before all of it is collected, percent. Every event
 * of a watch is an object that is parsed and dropped; V8 would let four times as much lie around.
 */
const HEAP_GROWTH = 20;
setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`);

runService('watcher', async ({ signal, health }) => {
  // However long: a watcher that ends is started again later each time.
  const backend = openPorts('watcher', { waitMs: Infinity });
  health.detail = 'waiting for the bus';
  const ports = await Promise.race([backend.ports(), stopped(signal)]);
  if (ports === undefined) return;
  health.detail = 'listing what there is';
  const sightings = new Sightings(ports.cluster);
  const progress = new ProgressReporter(ports);
  await Promise.all([
    watchCluster(ports, health, signal, sightings, progress),
    progress.run(signal),
    keepReconciling(ports, signal, sightings),
    // The agent of the local cluster has looked at this machine itself.
    backend.config.cluster === 'local' ? undefined : reportCluster(ports),
  ]);
});

async function keepReconciling(
  ports: Ports,
  signal: AbortSignal,
  sightings: Sightings,
): Promise<void> {
  const reconciler = new Reconciler(ports, ports.now(), sightings);
  const pause = (): Promise<boolean> =>
    sleep(RECONCILE_EVERY_MS, true, { signal }).catch(() => false);
  while (await pause()) {
    try {
      await reconciler.reconcile();
    } catch (error) {
      ports.log.error({ err: error }, 'reconciliation failed; the next pass tries again');
    }
  }
}
