import type { Phase } from '../../shared/inspection/phase.js';
import { advance } from '../../shared/lifecycle/advance.js';
import type { Ports } from '../../shared/lifecycle/ports.js';

/**
 * A job may have ended: collects it and ends its inspection, by what the cluster says.
 *
 * @returns the inspection's phase now; undefined where there is no such inspection
 */
export async function onJobComplete(ports: Ports, id: string): Promise<Phase | undefined> {
  await advance(ports, id);
  return (await ports.store.inspections.get(id))?.value.phase;
}
