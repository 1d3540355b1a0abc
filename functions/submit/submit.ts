import { randomBytes } from 'node:crypto';
import { identifyBuild } from '../../shared/dockerfile/identify-build.js';
import { AmunError, isAmunError } from '../../shared/errors/amun-error.js';
import { createInspectionSubmitted } from '../../shared/events/create-event.js';
import type { Ending } from '../../shared/inspection/decide.js';
import { buildId, inspectionId } from '../../shared/inspection/identity.js';
import type { InspectionRecord } from '../../shared/inspection/record.js';
import type { Specification } from '../../shared/inspection/specification.js';
import { advance } from '../../shared/lifecycle/advance.js';
import { allowAdvice } from '../../shared/lifecycle/allow-advice.js';
import { specificationKey } from '../../shared/lifecycle/artifact-keys.js';
import { chooseBuild, type ChosenBuild } from '../../shared/lifecycle/choose-build.js';
import type { Claim } from '../../shared/lifecycle/idempotency.js';
import type { Ports } from '../../shared/lifecycle/ports.js';
import { startBuild } from '../../shared/lifecycle/start-build.js';
import { storedSpecification } from './stored-specification.js';

/** What a submission brought about. */
export interface Submitted {
  readonly id: string;
  /** True where this inspection started the build that it uses. */
  readonly buildCreated: boolean;
}

/** The identity of an inspection that is about to be submitted, and the matrix that it belongs to. */
export interface InspectionClaim extends Claim {
  readonly matrixId?: string;
}

/** On every inspection of a matrix: so they are found in the list. */
const MATRIX_LABEL = 'amun.io/matrix';

/** A submission that takes longer is given up: its entry in flight is about to be swept away. */
const SLOWEST_MS = 60_000;

/** A new identity for an inspection that is about to be submitted. */
export function newClaim(ports: Pick<Ports, 'now'>, specification: Specification): Claim {
  const id = inspectionId(specification.identifier, randomBytes(8));
  return { id, created: ports.now().toISOString() };
}

/**
 * Accepts a specification. Once its record is stored, nothing is lost: whatever could not be
 * started yet the reconciler starts. Called again with the same claim (after a crash, or at the same
 * time) it ends in the same one inspection. Throws InvalidSpecification where it asks a Thoth for
 * advice that builds may not ask.
 */
export async function submit(
  ports: Ports,
  wanted: Specification,
  claim: InspectionClaim = newClaim(ports, wanted),
): Promise<Submitted> {
  const specification = allowAdvice(ports.settings, wanted);
  const { id, created } = claim;
  const began = ports.now().getTime();
  const [known, ending] = await Promise.all([
    ports.store.inspections.get(id),
    whyUnschedulable(ports, specification),
  ]);
  if (known !== undefined) return submittedBefore(known.value);
  const key = identifyBuild(specification);
  // What can never run builds nothing: its record names a build that nobody made for it.
  const chosen =
    ending === undefined
      ? await chooseBuild(ports, key, specification.force || specification.advise?.force === true)
      : { record: { key, generation: 1, id: buildId(key, 1), created }, created: false };
  const record: InspectionRecord = {
    ...newRecord(claim, specification, chosen),
    ...(ending === undefined ? {} : { ...ending, finished: created }),
  };

  // In flight first: an entry without a record is swept away, a record out of flight would be stuck.
  await Promise.all([
    ports.store.artifacts.put(
      specificationKey(id),
      JSON.stringify(storedSpecification(specification, created)),
    ),
    ports.store.inFlight.add({ buildId: record.buildId, inspectionId: id }),
    ports.store.index.add(id),
  ]);
  if (ports.now().getTime() - began > SLOWEST_MS) {
    throw new AmunError('Unavailable', 'The store took too long; submit it again.');
  }
  const first = await createRecord(ports, record);
  if (first !== undefined) return submittedBefore(first);
  await begin(ports, record, chosen, specification);
  return { id, buildCreated: chosen.created };
}

/** Creates the record. @returns the one that is there already, made by who has the same claim */
async function createRecord(
  { store }: Ports,
  record: InspectionRecord,
): Promise<InspectionRecord | undefined> {
  const { id: inspectionId, buildId } = record;
  try {
    await store.inspections.create(inspectionId, record);
    return undefined;
  } catch (error) {
    if (!isAmunError(error, 'AlreadyExists')) throw error;
    const known = (await store.inspections.get(inspectionId))?.value;
    if (known === undefined) throw error;
    // Each of the two may have chosen a build of its own; this one nobody waits for.
    if (known.buildId !== buildId) await store.inFlight.remove({ buildId, inspectionId });
    return known;
  }
}

/** Who made the record begins it, or the reconciler. A build that was not there yet counts as its own. */
function submittedBefore({ id, buildReused }: InspectionRecord): Submitted {
  return { id, buildCreated: !buildReused };
}

/** The end of an inspection that this cluster can never carry out: known before anything is built. */
async function whyUnschedulable(
  ports: Ports,
  specification: Specification,
): Promise<Ending | undefined> {
  const build = await ports.cluster.whyUnschedulable('build', specification.build.requests);
  const run =
    specification.script === undefined
      ? undefined
      : await ports.cluster.whyUnschedulable('job', specification.run.requests);
  const message = build ?? run;
  if (message === undefined) return undefined;
  const part = build === undefined ? 'run' : 'build';
  return { phase: 'failed', reason: 'Unschedulable', message: `${part}.requests: ${message}` };
}

function newRecord(
  { id, created, matrixId }: InspectionClaim,
  specification: Specification,
  chosen: ChosenBuild,
): InspectionRecord {
  const { labels: own } = specification;
  const labels = matrixId === undefined ? own : { ...own, [MATRIX_LABEL]: matrixId };
  return {
    id,
    created,
    phase: 'queued',
    buildId: chosen.record.id,
    buildReused: chosen.record.outcome !== undefined,
    batchSize: specification.batch_size,
    hasScript: specification.script !== undefined,
    sendMessages: specification.send_messages,
    forceSync: specification.force_sync,
    ...(labels === undefined ? {} : { labels }),
    ...(matrixId === undefined ? {} : { matrixId }),
  };
}

/** Starts what there is to start. It is accepted by now, so a failure is the reconciler's matter. */
async function begin(
  ports: Ports,
  record: InspectionRecord,
  chosen: ChosenBuild,
  specification: Specification,
): Promise<void> {
  try {
    await ports.bus.publish(createInspectionSubmitted(record));
    const isUnderWay = chosen.created && (await startBuild(ports, chosen.record, specification));
    // A build that is joined may have ended before we were in flight; then nobody tells us.
    if (!isUnderWay) await advance(ports, record.id);
  } catch (error) {
    ports.log.warn({ err: error, inspection: record.id }, 'accepted, but not started yet');
  }
}
