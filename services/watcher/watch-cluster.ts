import { setTimeout as sleep } from 'node:timers/promises';
import type { Ports } from '../../shared/lifecycle/ports.js';
import type { Health } from '../../shared/process/serve-health.js';
import type { ProgressReporter } from './progress-reporter.js';
import { publishEnd } from './publish-end.js';
import { Sightings } from './sightings.js';

const RETRY_MS = 1000;

/**
 * Turns what happens in the cluster into events, until the signal; ends at once, progress where
 * somebody reports it. A bus that does not answer is
 * waited for; the watch starts anew then, so that no end is left out.
 */
export async function watchCluster(
  ports: Ports,
  health: Health,
  signal: AbortSignal,
  sightings = new Sightings(ports.cluster),
  progress?: ProgressReporter,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await publishEnds(ports, health, signal, sightings, progress);
    } catch (error) {
      ports.log.error({ err: error }, 'the watch broke off');
    }
    sightings.forget();
    progress?.forget();
    health.ready = false;
    health.detail = 'the watch broke off; starting it again';
    await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function publishEnds(
  ports: Ports,
  health: Health,
  signal: AbortSignal,
  sightings: Sightings,
  progress: ProgressReporter | undefined,
): Promise<void> {
  for await (const event of ports.cluster.watch(signal)) {
    sightings.note(event);
    progress?.note(event);
    if (event.kind !== 'synced') {
      await publishEnd(ports.bus, ports.log, event);
      continue;
    }
    health.ready = true;
    health.detail = 'watching';
  }
}
