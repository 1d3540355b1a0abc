import type { Finding } from '../../errors/amun-error.js';
import { jsonPointer } from './json-pointer.js';

export interface JsonLimits {
  readonly maxDepth: number;
  readonly maxValues: number;
  /** Of keys and texts in UTF-8, and a few for whatever stands between them. */
  readonly maxBytes: number;
}

interface Walk {
  readonly limits: JsonLimits;
  /** Where it stands. */
  readonly path: (string | number)[];
  values: number;
  bytes: number;
}

/**
 * The first thing in a parsed value that JSON could not or should not hold: too deep, too much of
 * it, half characters, `__proto__`, numbers out of range. undefined: all is well. Looks at no more
 * than the limits allow, so anything may be handed to it, cycles included.
 */
export function checkJson(value: unknown, limits: JsonLimits): Finding | undefined {
  return checkValue({ limits, path: [], values: 0, bytes: 0 }, value);
}

function checkValue(walk: Walk, value: unknown): Finding | undefined {
  walk.values += 1;
  walk.bytes += typeof value === 'string' ? Buffer.byteLength(value) + 2 : 2;
  const { maxValues, maxBytes, maxDepth } = walk.limits;
  if (walk.values > maxValues) {
    return { pointer: '', message: `It holds more than ${maxValues} values; write fewer.` };
  }
  if (walk.bytes > maxBytes) {
    return { pointer: '', message: `It is larger than ${maxBytes / 1024} KiB; make it smaller.` };
  }
  switch (typeof value) {
    case 'string':
      return checkText(walk, value);
    case 'number':
      if (Number.isFinite(value)) return undefined;
      return here(walk, 'The number is out of range; write a smaller one.');
    case 'boolean':
      return undefined;
    case 'object':
      if (value === null) return undefined;
      if (walk.path.length >= maxDepth) {
        return here(walk, `Values lie more than ${maxDepth} deep in each other; make it flatter.`);
      }
      return Array.isArray(value) ? checkItems(walk, value) : checkMembers(walk, value);
    default:
      return here(walk, NOT_JSON);
  }
}

function checkItems(walk: Walk, items: readonly unknown[]): Finding | undefined {
  for (let index = 0; index < items.length; index += 1) {
    walk.path.push(index);
    const finding = checkValue(walk, items[index]);
    if (finding) return finding;
    walk.path.pop();
  }
  return undefined;
}

function checkMembers(walk: Walk, value: object): Finding | undefined {
  if (!isPlain(value)) return here(walk, NOT_JSON);
  for (const key of Object.keys(value)) {
    if (key === '__proto__') return here(walk, 'No field may be named __proto__; rename it.');
    walk.bytes += Buffer.byteLength(key) + 3;
    const badKey = checkText(walk, key);
    if (badKey) return badKey;
    walk.path.push(key);
    const finding = checkValue(walk, (value as Record<string, unknown>)[key]);
    if (finding) return finding;
    walk.path.pop();
  }
  return undefined;
}

/** An object literal, of whatever realm, or one without a prototype: no Date, no Map, no class. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

const NOT_JSON = 'This is no JSON value; write text, a number, true, false, a list or an object.';

/** Of ES2024, which Node 20 has already. */
interface WellFormedText {
  isWellFormed(): boolean;
}

function checkText(walk: Walk, text: string): Finding | undefined {
  if ((text as unknown as WellFormedText).isWellFormed()) return undefined;
  return here(walk, 'The text holds half a Unicode character (a lone surrogate); write it whole.');
}

function here(walk: Walk, message: string): Finding {
  return { pointer: jsonPointer(...walk.path), message };
}
