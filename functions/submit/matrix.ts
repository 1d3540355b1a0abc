import { randomBytes } from 'node:crypto';
import { AmunError } from '../../shared/errors/amun-error.js';
import type { Request } from '../../shared/http/create-handler.js';
import { answer, type Answer } from '../../shared/http/respond.js';
import { decodeJson } from '../../shared/inspection/decode-json.js';
import { MAX_SPECIFICATION_BYTES } from '../../shared/inspection/limits.js';
import { matrixId } from '../../shared/inspection/matrix-identity.js';
import { parseMatrix } from '../../shared/inspection/parse-matrix.js';
import type { Json } from '../../shared/inspection/specification.js';
import { admit } from '../../shared/lifecycle/admit.js';
import { allowAdvice } from '../../shared/lifecycle/allow-advice.js';
import { carryOutOnce, fingerprintOf } from '../../shared/lifecycle/idempotency.js';
import type { Ports } from '../../shared/lifecycle/ports.js';
import { submitMatrix } from './submit-matrix.js';

/** Submits a matrix, once for each Idempotency-Key, and tells the ids of its inspections. */
export async function answerMatrix(
  ports: () => Promise<Ports>,
  request: Request,
  key: string | undefined,
): Promise<Answer> {
  const sent = readBody(request);
  const parsed = parseMatrix(sent);
  const opened = await ports();
  // What is not allowed is told with its place in the request, which only reading it knows.
  const matrix = parsed.variations.some(({ specification }) => specification.advise !== undefined)
    ? parseMatrix(sent, (one) => allowAdvice(opened.settings, one))
    : parsed;
  const { outcome, replayed } = await carryOutOnce(opened, {
    key,
    request: fingerprintOf('submitMatrix', sent),
    newId: () => matrixId(matrix.identifier, randomBytes(8)),
    admit: () => admit(opened, matrix.variations.length),
    carryOut: async (claim) => {
      const { id, members } = await submitMatrix(opened, matrix, claim);
      const inspections = members.map(({ name, inspectionId }) => ({
        name,
        inspection_id: inspectionId,
      }));
      return { matrix_id: id, inspections };
    },
  });
  const headers = replayed ? { 'idempotency-replayed': 'true' } : undefined;
  return answer(202, { ...outcome, parameters: sent }, headers);
}

function readBody({ body }: Request): Json {
  if (body.byteLength > MAX_SPECIFICATION_BYTES) {
    throw new AmunError(
      'TooLarge',
      `A matrix may have ${MAX_SPECIFICATION_BYTES} bytes; this one has ${body.byteLength}.`,
    );
  }
  if (body.byteLength > 0) return decodeJson(body) as Json;
  throw new AmunError(
    'InvalidRequest',
    'The request has no body; send {"specification": …, "variations": […]} as JSON.',
  );
}
