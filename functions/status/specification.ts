import { AmunError } from '../../shared/errors/amun-error.js';
import { answer, type Answer } from '../../shared/http/respond.js';
import type { Json } from '../../shared/inspection/specification.js';
import { specificationKey } from '../../shared/lifecycle/artifact-keys.js';
import type { Question } from './question.js';

/** The specification as it is stored: with defaults and the server's @ keys. */
export async function answerSpecification({ ports, record }: Question): Promise<Answer> {
  const stored = await ports.store.artifacts.get(specificationKey(record.id));
  if (stored === undefined) {
    throw new AmunError('NotFound', `The specification of ${record.id} is not kept any more.`);
  }
  return answer(200, {
    specification: JSON.parse(Buffer.from(stored).toString('utf8')) as Json,
    created: record.created,
    parameters: { inspection_id: record.id },
  });
}
