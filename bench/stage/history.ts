import { randomBytes } from 'node:crypto';
import type { Bus } from '../../shared/bus/port.js';
import {
  createInspectionComplete,
  createInspectionSubmitted,
} from '../../shared/events/create-event.js';
import { inspectionId } from '../../shared/inspection/identity.js';
import type { InspectionRecord } from '../../shared/inspection/record.js';
import { runLogKey, runReportKey, specificationKey } from '../../shared/lifecycle/artifact-keys.js';
import { mapBounded } from '../../shared/concurrency/map-bounded.js';
import type { Store } from '../../shared/store/port.js';

/** Writes under way at once. */
const CONCURRENCY = 400;
/** As large as they are where little was asked for and little printed. */
const SPECIFICATION = JSON.stringify({ specification: 'x'.repeat(1_000) });
const LOG = 'epoch 3, step 1000, loss 0.0241\n'.repeat(64);

/** A record as an inspection of one run leaves it. */
export function finishedRecord(): InspectionRecord {
  const build = `build-${'0'.repeat(32)}-1`;
  const time = new Date().toISOString();
  return {
    id: inspectionId(undefined, randomBytes(8)),
    created: time,
    phase: 'succeeded',
    buildId: build,
    buildReused: true,
    batchSize: 1,
    hasScript: true,
    sendMessages: true,
    forceSync: false,
    build: {
      state: 'terminated',
      exitCode: 0,
      image: `sha256:${'0'.repeat(64)}`,
      startedAt: time,
      finishedAt: time,
    },
    job: { startedAt: time, finishedAt: time, runs: [{ item: 0, exitCode: 0 }] },
    finished: time,
  };
}

/**
 * Fills a store with inspections that have ended, without their artifacts.
 * @param vary makes each of them another one
 * @returns their ids
 */
export async function storeHistory(
  store: Store,
  count: number,
  vary: (record: InspectionRecord, index: number) => InspectionRecord = (record) => record,
): Promise<string[]> {
  const records = Array.from({ length: count }, (_, index) => vary(finishedRecord(), index));
  await mapBounded(records, CONCURRENCY, (record) => storeFinished(store, record));
  return records.map(({ id }) => id);
}

/** Stores one that has ended, without its artifacts. */
export async function storeFinished(store: Store, record: InspectionRecord): Promise<void> {
  await Promise.all([store.index.add(record.id), store.inspections.create(record.id, record)]);
}

/**
 * Fills store and bus with inspections that have ended and all that they leave: specification, log,
 * report, events.
 */
export async function storeWholeHistory(store: Store, bus: Bus, count: number): Promise<void> {
  const records = Array.from({ length: count }, finishedRecord);
  await mapBounded(records, CONCURRENCY, async (record) => {
    await storeFinished(store, record);
    const { artifacts } = store;
    await Promise.all([
      artifacts.put(specificationKey(record.id), SPECIFICATION),
      artifacts.put(runLogKey(record.id, 0), LOG),
      artifacts.put(runReportKey(record.id, 0), LOG),
      bus.publish(createInspectionSubmitted(record)),
      bus.publish(createInspectionComplete(record)),
    ]);
  });
}
