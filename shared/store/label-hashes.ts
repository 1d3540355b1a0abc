import type { LabelCondition } from '../inspection/inspection-filter.js';
import type { Labels } from '../inspection/specification.js';

/** Hashes cannot be foreseen, so nobody makes many labels that have the same one. */
const SEED = Math.floor(Math.random() * 2 ** 31);

/** Of each label the hash of its key, and that of key and value. */
export function hashLabels(labels: Labels = {}): readonly number[] {
  const hashes: number[] = [];
  for (const [key, value] of Object.entries(labels)) {
    hashes.push(hashCondition({ key }), hashCondition({ key, value }));
  }
  return hashes;
}

/** What `hashLabels` has of labels that fulfil the condition. */
export function hashCondition({ key, value }: LabelCondition): number {
  // The length tells where the key ends.
  const text = `${key.length}:${key}${value === undefined ? '' : `=${value}`}`;
  // FNV-1a.
  let hash = SEED;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
