import { AmunError } from '../errors/amun-error.js';
import type { Bucket } from './store-streams.js';

const KEY = /^[-/_=a-zA-Z0-9]+(\.[-/_=a-zA-Z0-9]+)*$/;
const MAX_LENGTH = 512;

/**
 * The subject that a key's value is kept under. Throws InvalidRequest for what is no key: wildcards
 * and spaces mean something to NATS.
 */
export function subjectOfKey(bucket: Bucket, key: string): string {
  if (key.length > MAX_LENGTH || !KEY.test(key)) {
    const shown = JSON.stringify(key.slice(0, 80));
    throw new AmunError(
      'InvalidRequest',
      `${shown} cannot be a key; use letters, digits and - _ = / . (at most ${MAX_LENGTH}).`,
    );
  }
  return bucket.prefix + key;
}
