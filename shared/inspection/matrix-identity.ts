import { createHash } from 'node:crypto';
import { inspectionId } from './identity.js';
import { isIdentifier } from './rules/check-identifier.js';

const MATRIX_ID = /^matrix-(?:(.*)-)?[0-9a-f]{16}$/;
const RANDOM_BYTES = 8;

/**
 * A matrix' id: `matrix-[identifier-]<16 hex>`.
 * @param random at least 8 bytes, of which the first 8 count
 */
export function matrixId(identifier: string | undefined, random: Uint8Array): string {
  if (random.length < RANDOM_BYTES) throw new RangeError('An id takes 8 random bytes.');
  const hex = Buffer.from(random.subarray(0, RANDOM_BYTES)).toString('hex');
  return identifier === undefined ? `matrix-${hex}` : `matrix-${identifier}-${hex}`;
}

/** True for what matrixId could have made. */
export function isMatrixId(text: string): boolean {
  const match = MATRIX_ID.exec(text);
  return match !== null && (match[1] === undefined || isIdentifier(match[1]));
}

/** The id of the inspection that carries out a matrix' variation: the same whenever it is asked. */
export function memberId(matrix: string, index: number, identifier: string | undefined): string {
  return inspectionId(identifier, createHash('sha256').update(`${matrix}/${index}`).digest());
}
