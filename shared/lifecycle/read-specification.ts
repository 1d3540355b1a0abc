import { AmunError } from '../errors/amun-error.js';
import { decodeJson } from '../inspection/decode-json.js';
import { parseSpecification } from '../inspection/parse-specification.js';
import type { Specification } from '../inspection/specification.js';
import type { Store } from '../store/port.js';
import { specificationKey } from './artifact-keys.js';

/** The stored specification of an inspection; throws NotFound where there is none (any more). */
export async function readSpecification(store: Store, id: string): Promise<Specification> {
  const stored = await store.artifacts.get(specificationKey(id));
  if (stored === undefined) {
    throw new AmunError('NotFound', `The specification of ${id} is not kept any more.`);
  }
  return parseSpecification(decodeJson(stored));
}
