import { randomBytes } from 'node:crypto';

let counter = 0;

/** An id that no other test uses. */
export function freshId(prefix = 'inspection'): string {
  counter += 1;
  return `${prefix}-${randomBytes(6).toString('hex')}${counter.toString(16).padStart(4, '0')}`;
}
