import type { Json, JsonObject } from './specification.js';

/**
 * Applies a JSON merge patch (RFC 7386): members of objects are merged, null removes one, anything
 * else replaces what is there. Both inputs stay as they are; the result may share parts with them.
 */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  // Not assigned one by one: a member named __proto__ would change what the object is.
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

/**
 * True where this merge patch has a say in what a document holds, or lacks, at a place; false where
 * that is as it was in what the patch was applied to.
 *
 * @param segments of the place's JSON pointer, unescaped
 * @param target what the patch was applied to
 */
export function isPatched(
  patch: Json,
  segments: readonly string[],
  target: Json | undefined,
): boolean {
  const [name, ...rest] = segments;
  // What stands in for something other than an object is new as a whole, with all that it lacks.
  if (name === undefined || !isObject(patch) || !isObject(target)) return true;
  const inner = Object.hasOwn(patch, name) ? patch[name] : undefined;
  if (inner === undefined) return false;
  return isPatched(inner, rest, Object.hasOwn(target, name) ? target[name] : undefined);
}

/** True for a JSON object: no list, no null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
