import { mapBounded } from '../../shared/concurrency/map-bounded.js';
import { AmunError, isAmunError } from '../../shared/errors/amun-error.js';
import { memberId } from '../../shared/inspection/matrix-identity.js';
import type { MatrixRecord } from '../../shared/inspection/matrix-record.js';
import type { Matrix } from '../../shared/inspection/parse-matrix.js';
import type { Claim } from '../../shared/lifecycle/idempotency.js';
import type { Ports } from '../../shared/lifecycle/ports.js';
import { changeDocument } from '../../shared/store/change-document.js';
import { submit } from './submit.js';

/** Inspections submitted at once. */
const CONCURRENCY = 4;

/**
 * Submits every variation of a matrix as an inspection, once: their ids follow from the matrix' id,
 * so calling it again with the same claim submits what is missing. The matrix is stored first:
 * whoever asks for it sees which of its inspections there are. Throws what `submit` does, with what
 * to do about the rest.
 */
export async function submitMatrix(
  ports: Ports,
  { variations }: Matrix,
  { id, created }: Claim,
): Promise<MatrixRecord> {
  const inspections = variations.map(({ name, specification }, index) => ({
    name,
    specification,
    inspectionId: memberId(id, index, specification.identifier),
  }));
  const members = inspections.map(({ name, inspectionId }) => ({ name, inspectionId }));
  await createOnce(ports, { id, created, members });
  let accepted = 0;
  try {
    await mapBounded(inspections, CONCURRENCY, async ({ specification, inspectionId }) => {
      await submit(ports, specification, { id: inspectionId, created, matrixId: id });
      accepted += 1;
    });
  } catch (error) {
    throw describeGap(error, `${accepted} of the ${members.length} inspections of ${id}`);
  }
  const submitted = ports.now().toISOString();
  return changeDocument(ports.store.matrices, id, (known) =>
    known.submitted === undefined ? { ...known, submitted } : undefined,
  );
}

/** Whoever carries out the same request makes the same record. */
async function createOnce({ store }: Ports, record: MatrixRecord): Promise<void> {
  try {
    await store.matrices.create(record.id, record);
  } catch (error) {
    if (!isAmunError(error, 'AlreadyExists')) throw error;
  }
}

function describeGap(error: unknown, done: string): unknown {
  if (!isAmunError(error)) return error;
  const advice = 'repeat the request with the same Idempotency-Key to submit the others';
  return new AmunError(error.code, `${error.message} So far ${done} are submitted; ${advice}.`, {
    cause: error,
  });
}
