import { identifyBuild } from '../dockerfile/identify-build.js';
import { isFinal } from '../inspection/phase.js';
import type { InspectionRecord } from '../inspection/record.js';
import { changeDocument } from '../store/change-document.js';
import { chooseBuild } from './choose-build.js';
import type { Ports } from './ports.js';
import { readSpecification } from './read-specification.js';
import { startBuild } from './start-build.js';

/**
 * Moves an inspection to another build of the same stack. It is in flight under both while it
 * moves; the entry that its record does not name in the end is the one that goes.
 */
export async function rebuild(ports: Ports, record: InspectionRecord): Promise<void> {
  const { id: inspectionId, buildId: left } = record;
  const specification = await readSpecification(ports.store, inspectionId);
  const chosen = await chooseBuild(ports, identifyBuild(specification), false);
  const buildId = chosen.record.id;
  await ports.store.inFlight.add({ buildId, inspectionId });
  const moved = await changeDocument(ports.store.inspections, inspectionId, (known) =>
    isFinal(known.phase) || known.buildId !== left ? undefined : { ...known, buildId },
  );
  const unused = moved.buildId === buildId ? left : buildId;
  await ports.store.inFlight.remove({ buildId: unused, inspectionId });
  if (chosen.created) await startBuild(ports, chosen.record, specification);
}
