import type { Json } from './specification.js';
import { jsonPointer } from './validation/json-pointer.js';

/** How deep numbers are looked for: /a/b/c lies 3 deep. */
export const MAX_NUMBER_DEPTH = 8;
/** Items of an array that are looked at; what is longer is a list of data, not of results. */
export const MAX_NUMBER_ITEMS = 20;
/** Characters of a pointer. */
export const MAX_POINTER_LENGTH = 256;

/**
 * Tells each number in a JSON value with its JSON pointer ('' for a value that is one), in order,
 * within the bounds above. Booleans and texts are no numbers.
 */
export function visitNumbers(value: Json, visit: (pointer: string, number: number) => void): void {
  visitFrom('', 0, value, visit);
}

function visitFrom(
  pointer: string,
  depth: number,
  value: Json,
  visit: (pointer: string, number: number) => void,
): void {
  if (typeof value === 'number') {
    // JSON.parse reads 1e999 as Infinity.
    if (Number.isFinite(value) && pointer.length <= MAX_POINTER_LENGTH) visit(pointer, value);
    return;
  }
  if (typeof value !== 'object' || value === null || depth >= MAX_NUMBER_DEPTH) return;
  const members = Array.isArray(value)
    ? value.slice(0, MAX_NUMBER_ITEMS).entries()
    : Object.entries(value);
  for (const [name, member] of members) {
    // What cannot hold a number needs no pointer of its own.
    if (typeof member !== 'number' && typeof member !== 'object') continue;
    if (pointer.length + String(name).length > MAX_POINTER_LENGTH) continue;
    visitFrom(`${pointer}${jsonPointer(name)}`, depth + 1, member, visit);
  }
}
