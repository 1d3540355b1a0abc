import { AmunError, type Finding } from '../../../shared/errors/amun-error.js';
import { parseSpecification } from '../../../shared/inspection/parse-specification.js';

/** The findings for a bad specification; fails where it is taken for a good one. */
export function findFindings(input: unknown): readonly Finding[] {
  return catchError(() => parseSpecification(input), 'InvalidSpecification').details ?? [];
}

/** The AmunError of that code which a call throws; anything else is thrown on. */
export function catchError(call: () => unknown, code: string): AmunError {
  let result: unknown;
  try {
    result = call();
  } catch (error) {
    if (error instanceof AmunError && error.code === code) return error;
    throw error;
  }
  throw new Error(`Expected ${code}, but it returned ${JSON.stringify(result).slice(0, 200)}.`);
}
