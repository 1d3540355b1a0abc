import { createInspectionComplete } from '../events/create-event.js';
import type { Ending } from '../inspection/decide.js';
import { isFinal } from '../inspection/phase.js';
import type { BuildOutcome, InspectionRecord, JobOutcome } from '../inspection/record.js';
import { changeDocument } from '../store/change-document.js';
import type { Versioned } from '../store/port.js';
import { exportEnded } from './export-ended.js';
import type { Ports } from './ports.js';
import { releaseBuild } from './release-build.js';
import { endCancelledTurn, endTurn } from './turns.js';

/** What is known of the build and the job when the inspection ends. */
export interface Outcomes {
  readonly build?: BuildOutcome;
  readonly job?: JobOutcome;
}

/**
 * Writes the end into the record, once: the first end stays. Then does what follows an end.
 *
 * @param read what was read of the record a moment ago
 */
export async function finish(
  ports: Ports,
  id: string,
  ending: Ending,
  outcomes: Outcomes,
  read?: Versioned<InspectionRecord>,
): Promise<void> {
  let isOurs = false as boolean;
  const end = (known: InspectionRecord): InspectionRecord | undefined => {
    isOurs = !isFinal(known.phase);
    if (!isOurs) return undefined;
    return { ...known, ...outcomes, ...ending, finished: ports.now().toISOString() };
  };
  const record = await changeDocument(ports.store.inspections, id, end, read);
  await (isOurs ? conclude(ports, record) : settle(ports, record));
}

/**
 * For whoever finds an inspection ended: does again what follows an end, in case somebody died over
 * it. One that is out of flight has had all of it: a late event must not announce its end a second
 * time, since the bus knows a duplicate for a while only.
 */
export async function settle(ports: Ports, record: InspectionRecord): Promise<void> {
  const entries = await ports.store.inFlight.list(record.buildId);
  if (entries.some((entry) => entry.inspectionId === record.id)) return conclude(ports, record);
  // A job may have been asked for in the moment in which the inspection ended.
  if (record.hasScript) await ports.cluster.collected({ kind: 'job', id: record.id });
}

/** What follows an end; repeating it does no harm as long as the bus knows duplicates. */
async function conclude(ports: Ports, record: InspectionRecord): Promise<void> {
  const { id: inspectionId, buildId } = record;
  const mustExport = ports.exporter !== undefined && record.exportedAt === undefined;
  if (!mustExport) await announce(ports, record);
  if (record.hasScript) await ports.cluster.collected({ kind: 'job', id: inspectionId });
  await endJobTurn(ports, record);
  const isBuildOpen = record.phase === 'cancelled' && record.build === undefined;
  if (isBuildOpen) await releaseBuild(ports, buildId);
  if (mustExport) {
    // After what others wait for: a store that is away holds up nobody else. As long as something is
    // missing there the inspection stays in flight, and its readers are told nothing yet.
    if (!(await exportEnded(ports, record))) return;
    await announce(ports, record);
  }
  // Out of flight last: until then the reconciler sees to it that all of this happens.
  await ports.store.inFlight.remove({ buildId, inspectionId });
}

async function announce({ bus }: Ports, record: InspectionRecord): Promise<void> {
  if (record.sendMessages) await bus.publish(createInspectionComplete(record));
}

/** Whose build made an image may have asked for a turn. A job that was collected is over for sure. */
async function endJobTurn(ports: Ports, record: InspectionRecord): Promise<void> {
  if (!record.hasScript || record.build?.image === undefined) return;
  const isOver = record.job !== undefined || record.phase !== 'cancelled';
  await (isOver ? endTurn : endCancelledTurn)(ports, { kind: 'job', id: record.id });
}
