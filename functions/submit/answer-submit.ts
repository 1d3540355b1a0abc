import { answer, type Answer } from '../../shared/http/respond.js';
import type { Json, Specification } from '../../shared/inspection/specification.js';
import { admit } from '../../shared/lifecycle/admit.js';
import { carryOutOnce, fingerprintOf } from '../../shared/lifecycle/idempotency.js';
import type { Ports } from '../../shared/lifecycle/ports.js';
import { newClaim, submit } from './submit.js';

/** Submits a specification, once for each idempotency key. */
export async function answerSubmit(
  ports: Ports,
  specification: Specification,
  key: string | undefined,
): Promise<Answer> {
  const parameters = specification as unknown as Json;
  const { outcome, replayed } = await carryOutOnce(ports, {
    key,
    request: fingerprintOf('submitInspection', specification),
    newId: () => newClaim(ports, specification).id,
    admit: () => admit(ports),
    carryOut: async (claim) => {
      const { id, buildCreated } = await submit(ports, specification, claim);
      return { inspection_id: id, build_created: buildCreated };
    },
  });
  const body = { ...outcome, parameters, job_created: false };
  return answer(202, body, replayed ? { 'idempotency-replayed': 'true' } : undefined);
}
