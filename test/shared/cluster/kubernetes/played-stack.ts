import { setTimeout as sleep } from 'node:timers/promises';
import { submit } from '../../../../functions/submit/submit.js';
import { Reconciler } from '../../../../services/watcher/reconcile.js';
import { Sightings } from '../../../../services/watcher/sightings.js';
import { watchCluster } from '../../../../services/watcher/watch-cluster.js';
import type { ApiServer } from '../../../../shared/cluster/kubernetes/api/api-server.js';
import { createKubernetesCluster } from '../../../../shared/cluster/kubernetes/create-kubernetes-cluster.js';
import type {
  KubernetesOptions,
  Placement,
} from '../../../../shared/cluster/kubernetes/options.js';
import { isAmunError } from '../../../../shared/errors/amun-error.js';
import { parseEvent } from '../../../../shared/events/parse-event.js';
import { isFinal } from '../../../../shared/inspection/phase.js';
import type { InspectionRecord } from '../../../../shared/inspection/record.js';
import type { Ports } from '../../../../shared/lifecycle/ports.js';
import { createLog } from '../../../../shared/log/create-log.js';
import { createMemoryBus, type MemoryBus } from '../../../fakes/memory-bus.js';
import { createMemoryStore } from '../../../fakes/memory-store.js';
import { waitUntil } from '../../../wait-until.js';
import { specify } from '../../lifecycle/open-stage.js';
import { handle } from '../../lifecycle/run-until-quiet.js';
import { DIGEST } from './objects.js';

/** Watchers, functions and reconciler within the test, on a real API server; the rest on memory. */
export interface PlayedStack {
  readonly ports: Ports;
  readonly bus: MemoryBus;
  /** @returns the inspection's id */
  submit(specification?: Readonly<Record<string, unknown>>): Promise<string>;
  record(id: string): Promise<InspectionRecord>;
  /** Waits for the inspection's end. */
  ended(id: string): Promise<InspectionRecord>;
  stop(): Promise<void>;
}

const WATCHERS = 2;
const RECONCILE_EVERY_MS = 500;
const RETRY_MS = 300;
const MOST_MS = 180_000;
const QUICK = { 'realkube/run-ms': '200' };

/**
 * Options for pods on simulated nodes.
 *
 * @param runs annotations of runs: what becomes of them
 */
export function simulated(
  namespace: string,
  runs: Readonly<Record<string, string>> = QUICK,
  nodeSelector: Readonly<Record<string, string>> = {},
  tolerations: Placement['tolerations'] = [],
): KubernetesOptions {
  const builds = { ...QUICK, 'realkube/termination-message': DIGEST };
  return {
    namespace,
    builder: { image: 'builder', repository: 'registry.invalid/amun', insecureRegistries: [] },
    builds: { nodeSelector: {}, tolerations: [], annotations: builds },
    runs: { nodeSelector, tolerations, annotations: runs },
    pullSecrets: [],
    operator: { environment: {} },
    schedulingTimeoutSeconds: 0,
  };
}

export function playStack(api: ApiServer, options: KubernetesOptions): PlayedStack {
  const bus = createMemoryBus();
  const store = createMemoryStore();
  const ports: Ports = {
    ...{ bus, store, log: createLog('test', 'silent') },
    cluster: createKubernetesCluster(api, options),
    settings: {
      buildCacheSeconds: 3600,
      buildTimeoutSeconds: 600,
      runTimeoutSeconds: 600,
      outputLimitBytes: 1024 * 1024,
    },
    now: () => new Date(),
  };
  const ending = new AbortController();
  const { signal } = ending;
  const sightings = Array.from({ length: WATCHERS }, () => new Sightings(ports.cluster));
  const work = [
    ...sightings.map((seen) => watchCluster(ports, { ready: false, detail: '' }, signal, seen)),
    ...['amun.build.complete', 'amun.job.complete'].map((subject) =>
      answer(ports, subject, signal),
    ),
    reconcile(ports, signal, sightings[0]),
  ];
  const record = async (id: string) => (await store.inspections.get(id))!.value;
  return {
    ports,
    bus,
    async submit(specification = {}) {
      return (await submit(ports, specify(specification))).id;
    },
    record,
    async ended(id) {
      await waitUntil(async () => isFinal((await record(id)).phase), MOST_MS);
      // Out of flight comes after the end.
      await waitUntil(async () => (await store.inFlight.list()).length === 0, MOST_MS);
      return record(id);
    },
    async stop() {
      ending.abort();
      await Promise.all(work);
    },
  };
}

/** The function that is subscribed, and what a connector does with its answer. */
async function answer(ports: Ports, subject: string, signal: AbortSignal): Promise<void> {
  const options = {
    name: subject.replaceAll('.', '-'),
    subject,
    concurrency: 8,
    ackWaitMs: 60_000,
  };
  await (ports.bus as MemoryBus).consume({ ...options, signal }, async ({ body }) => {
    try {
      await handle(ports, parseEvent(body));
    } catch (error) {
      if (!isAmunError(error) || error.entry.retryable) return { kind: 'retry', delayMs: RETRY_MS };
    }
    return { kind: 'ack' };
  });
}

async function reconcile(
  ports: Ports,
  signal: AbortSignal,
  sightings: Sightings | undefined,
): Promise<void> {
  const reconciler = new Reconciler(ports, ports.now(), sightings);
  while (await sleep(RECONCILE_EVERY_MS, true, { signal }).catch(() => false)) {
    await reconciler.reconcile().catch(() => undefined);
  }
}
