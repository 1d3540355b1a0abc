import { isAmunError } from '../errors/amun-error.js';
import { createJobComplete } from '../events/create-event.js';
import { exportInspection } from '../export/export-inspection.js';
import { ExportProgress } from '../export/export-progress.js';
import type { InspectionRecord } from '../inspection/record.js';
import { changeDocument } from '../store/change-document.js';
import type { Ports } from './ports.js';

/**
 * Exports an inspection that has ended, and notes in its record that it is done. A place that cannot
 * be written to fails nobody: the reconciler has it tried again.
 *
 * @returns false where something is missing there that a later try may bring
 */
export async function exportEnded(ports: Ports, record: InspectionRecord): Promise<boolean> {
  const { exporter, store, log } = ports;
  if (exporter === undefined) return true;
  if (exporter === 'elsewhere') {
    await askToGoOn(ports, record.id, 'export');
    return false;
  }
  const progress = new ExportProgress(store.artifacts, record.id, exporter.destination);
  try {
    await exportInspection(store, exporter, record, progress);
  } catch (error) {
    if (isAmunError(error, 'ExportPending')) {
      log.debug({ inspection: record.id, problem: error.message }, 'not exported yet');
      // What got further, and ran out of time, has its next turn at once.
      const { advancedTo } = progress;
      if (advancedTo !== undefined) await askToGoOn(ports, record.id, `export-${advancedTo}`);
      return false;
    }
    if (!isAmunError(error) || error.entry.retryable) throw error;
    // What is not kept any more nobody will ever export; its end is to be told all the same.
    log.error({ err: error, inspection: record.id }, 'can never be exported');
    return true;
  }
  await noteExported(ports, record.id);
  return true;
}

/** Sends the function that exports to look at it, also where it never had a job. */
async function askToGoOn({ bus }: Ports, id: string, hint: string): Promise<void> {
  await bus.publish(createJobComplete(id, { hint }));
}

/** Once: the first time stays. */
async function noteExported(ports: Ports, id: string): Promise<void> {
  const exportedAt = ports.now().toISOString();
  try {
    await changeDocument(ports.store.inspections, id, (known) =>
      known.exportedAt === undefined ? { ...known, exportedAt } : undefined,
    );
  } catch (error) {
    // Deleted meanwhile: there is nobody left to tell.
    if (!isAmunError(error, 'NotFound')) throw error;
  }
}
