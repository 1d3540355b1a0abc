import { isAmunError } from '../../../shared/errors/amun-error.js';
import { parseMatrix } from '../../../shared/inspection/parse-matrix.js';

/** A specification worth varying. */
export const VARIED = { base: 'debian:12', script: '#!/bin/sh\necho 1\n' };

/** What is wrong with a matrix, by place; throws where nothing is. */
export function findingsOf(input: unknown): Record<string, string> {
  try {
    parseMatrix(input);
  } catch (error) {
    if (!isAmunError(error, 'InvalidSpecification')) throw error;
    return Object.fromEntries((error.details ?? []).map((one) => [one.pointer, one.message]));
  }
  throw new Error('It was accepted.');
}
