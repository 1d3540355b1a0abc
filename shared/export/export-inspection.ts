import { mapBounded } from '../concurrency/map-bounded.js';
import type { InspectionRecord } from '../inspection/record.js';
import type { Store } from '../store/port.js';
import type { ExportProgress } from './export-progress.js';
import { buildObjects, runObjects, type ExportObject } from './inspection-objects.js';
import type { Exporter } from './port.js';
import { readBuildParts, readRunParts } from './stored-parts.js';

/** Runs exported at once: each is in memory whole. */
const CONCURRENCY = 4;
/** After so many runs it is noted how far the export has come. */
const NOTE_EVERY = 16;

/**
 * Exports an inspection that has ended: runs first, its specification last, so that whoever finds
 * that finds everything. Goes on where the last try ended; what is written twice is the same.
 *
 * Throws ExportPending where the exporter does, NotFound or another error that no further try
 * changes where what is to be exported cannot be read any more.
 */
export async function exportInspection(
  { artifacts }: Pick<Store, 'artifacts'>,
  exporter: Exporter,
  record: InspectionRecord,
  progress: ExportProgress,
): Promise<void> {
  const { id, hasScript, batchSize } = record;
  const put = (objects: readonly ExportObject[]): Promise<unknown> =>
    mapBounded(objects, objects.length, (object) => exporter.put(object));
  const before = await progress.read();
  const count = hasScript ? batchSize : 0;
  await eachInOrder(before, count, progress, async (item) => {
    const parts = await readRunParts(artifacts, id, item);
    if (parts !== undefined) await put(runObjects(id, item, parts));
  });
  const [specification, ...others] = buildObjects(
    id,
    await readBuildParts(artifacts, record),
  ).reverse();
  await put(others);
  if (specification !== undefined) await put([specification]);
  await progress.clear();
}

/** Does the work for each number, several at once, and notes how many of the first ones are done. */
async function eachInOrder(
  from: number,
  to: number,
  progress: ExportProgress,
  work: (item: number) => Promise<void>,
): Promise<void> {
  const items = Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
  const done = new Set<number>();
  let noted = from;
  const note = async (least: number): Promise<void> => {
    let reached = noted;
    while (done.has(reached)) reached += 1;
    if (reached < noted + least) return;
    noted = reached;
    await progress.write(reached);
  };
  try {
    await mapBounded(items, CONCURRENCY, async (item) => {
      await work(item);
      done.add(item);
      if (done.size < items.length) await note(NOTE_EVERY);
    });
  } catch (error) {
    await note(1);
    throw error;
  }
}
