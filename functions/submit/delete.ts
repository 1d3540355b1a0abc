import { AmunError } from '../../shared/errors/amun-error.js';
import { isFinal } from '../../shared/inspection/phase.js';
import { settle } from '../../shared/lifecycle/finish.js';
import type { Ports } from '../../shared/lifecycle/ports.js';
import { removeArtifacts } from '../../shared/lifecycle/remove-artifacts.js';

/**
 * Deletes an inspection that has ended: its artifacts, its place in the list, and its record last, so
 * whoever deletes one that was deleted by half does the rest. Its build stays, and so does what was
 * exported. Throws NotFound once all of it is gone, NotFinished, and ExportPending.
 */
export async function deleteInspection(ports: Ports, id: string): Promise<void> {
  const { store } = ports;
  const record = (await store.inspections.get(id))?.value;
  if (record === undefined) throw new AmunError('NotFound', `There is no inspection "${id}".`);
  if (!isFinal(record.phase)) {
    throw new AmunError(
      'NotFinished',
      `${id} has not ended yet (${record.phase}); cancel it first: POST /inspect/${id}/cancel.`,
    );
  }
  // What follows an end needs the record.
  await settle(ports, record);
  const entries = await store.inFlight.list(record.buildId);
  if (entries.some(({ inspectionId }) => inspectionId === id)) {
    throw new AmunError('ExportPending', `${id} is being exported; delete it once that is done.`);
  }
  await removeArtifacts(store, record);
  await store.index.remove(id);
  await store.inspections.remove(id);
}
