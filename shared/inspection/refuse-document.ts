import { AmunError, type Finding } from '../errors/amun-error.js';
import { MAX_FINDINGS } from './limits.js';

/** The InvalidSpecification that tells all that is wrong with a document, at most MAX_FINDINGS. */
export function refuseDocument(
  what: 'specification' | 'matrix',
  findings: readonly Finding[],
): AmunError {
  const details = findings.slice(0, MAX_FINDINGS);
  const first = details[0]?.message ?? '';
  const count = findings.length > MAX_FINDINGS ? `more than ${MAX_FINDINGS}` : findings.length;
  const message =
    details.length === 1
      ? `The ${what} is not valid: ${first}`
      : `The ${what} has ${count} faults, the first of them: ${first}`;
  return new AmunError('InvalidSpecification', message, { details });
}
