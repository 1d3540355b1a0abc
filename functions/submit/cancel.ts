import { AmunError } from '../../shared/errors/amun-error.js';
import { isFinal } from '../../shared/inspection/phase.js';
import type { InspectionRecord } from '../../shared/inspection/record.js';
import { advance } from '../../shared/lifecycle/advance.js';
import type { Ports } from '../../shared/lifecycle/ports.js';
import { changeDocument } from '../../shared/store/change-document.js';

/**
 * Cancels an inspection: notes the wish, and has it carried out. Its job is ended; its build only
 * where nobody else waits for it. What its runs have left so far is kept. Throws NotFound, or
 * AlreadyFinished.
 *
 * @returns the record afterwards; it ends a moment later where runs have to be ended first
 */
export async function cancel(ports: Ports, id: string): Promise<InspectionRecord> {
  const record = await changeDocument(ports.store.inspections, id, (known) => {
    if (isFinal(known.phase)) {
      throw new AmunError('AlreadyFinished', `${id} has ended already: ${known.phase}.`);
    }
    return known.cancelRequested === true ? undefined : { ...known, cancelRequested: true };
  });
  // Should this fail, the wish is stored: asking again, or the reconciler, has it carried out.
  await advance(ports, id);
  return (await ports.store.inspections.get(id))?.value ?? record;
}
