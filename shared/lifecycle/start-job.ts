import type { ClusterRef } from '../cluster/port.js';
import { isFinal } from '../inspection/phase.js';
import type { BuildOutcome, InspectionRecord } from '../inspection/record.js';
import { planRun } from '../run/plan-run.js';
import { changeDocument } from '../store/change-document.js';
import type { Versioned } from '../store/port.js';
import type { Ports } from './ports.js';
import { readSpecification } from './read-specification.js';
import { endTurn, takeTurn } from './turns.js';

/** What the record is to say of the build from now on. */
interface KnownBuild {
  readonly build?: BuildOutcome;
}

/**
 * Asks for the job once its turn has come, then notes it: a record that says running had a job in
 * the cluster.
 */
export async function startJob(
  ports: Ports,
  found: Versioned<InspectionRecord>,
  image: string,
  build: KnownBuild,
): Promise<void> {
  const { id, batchSize } = found.value;
  const isItsTurn = await takeTurn(ports, { kind: 'job', id }, batchSize, async () => {
    const record = (await ports.store.inspections.get(id))?.value;
    return record === undefined || isFinal(record.phase) || record.cancelRequested === true;
  });
  if (!isItsTurn) return;
  const specification = await readSpecification(ports.store, id);
  const { outputLimitBytes: outputBytes, logFormat } = ports.settings;
  await ports.cluster.ensureJob({
    id,
    image,
    batchSize: specification.batch_size,
    ...planRun(specification, { outputBytes, ...(logFormat && { logFormat }) }),
    requests: specification.run.requests,
    timeoutSeconds: ports.settings.runTimeoutSeconds,
  });
  await noteJob(ports, id, build, found);
}

/**
 * Notes that the inspection has a job in the cluster. Where it ended or was cancelled before that
 * was noted, whoever did so may have seen no job to end, so it is ended here.
 *
 * @param read what was read of the record a moment ago
 */
export async function noteJob(
  ports: Ports,
  id: string,
  build: KnownBuild,
  read?: Versioned<InspectionRecord>,
): Promise<void> {
  const note = (known: InspectionRecord): InspectionRecord | undefined => {
    if (known.phase === 'running' || isFinal(known.phase)) return undefined;
    return { ...known, phase: 'running', ...build };
  };
  const record = await changeDocument(ports.store.inspections, id, note, read);
  const job: ClusterRef = { kind: 'job', id };
  if (isFinal(record.phase) || record.cancelRequested === true) await ports.cluster.cancel(job);
  if (!isFinal(record.phase)) return;
  await ports.cluster.collected(job);
  await endTurn(ports, job);
}
