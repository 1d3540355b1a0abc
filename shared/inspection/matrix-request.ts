import type { Finding } from '../errors/amun-error.js';
import { combineAxes } from './matrix-axes.js';
import { isObject } from './merge-patch.js';
import type { JsonObject } from './specification.js';
import { jsonPointer, quoteText } from './validation/json-pointer.js';
import { nearestName } from './validation/nearest-name.js';

export const MAX_VARIATIONS = 100;
export const MAX_VARIATION_NAME_LENGTH = 63;

/** A merge patch, and where in the request it stands. */
export interface PlacedPatch {
  readonly pointer: string;
  readonly patch: JsonObject;
}

/** One variation as asked for: what is to be applied to the specification, in order. */
export interface Variation {
  readonly name: string;
  readonly patches: readonly PlacedPatch[];
}

/** A request for a matrix, taken apart; what its specification becomes is not looked at yet. */
export interface MatrixRequest {
  readonly specification: JsonObject;
  readonly variations: readonly Variation[];
}

const FIELDS = ['specification', 'variations', 'axes', 'labels'];
const VARIATION_FIELDS = ['name', 'set'];
/** Line breaks and other characters that would spoil a table. */
const UNFIT_FOR_NAME = /[\p{C}\p{Zl}\p{Zp}]/u;

/** Takes a request apart. `findings` gets what is wrong with its form; then the result is partial. */
export function readMatrixRequest(input: JsonObject, findings: Finding[]): MatrixRequest {
  findUnknown('', input, FIELDS, 'A matrix', findings);
  const { specification, labels } = input;
  if (!isObject(specification)) {
    const message =
      'The specification that is varied is missing; write for example {"base": "fedora:40"}.';
    findings.push({ pointer: '/specification', message });
  }
  const variations = readVariations(input, findings);
  // Labels of the matrix are those of each of its inspections, unless a variation says otherwise.
  const common = labels == null ? [] : [{ pointer: '', patch: { labels } }];
  return {
    specification: isObject(specification) ? specification : {},
    variations: variations.map(({ name, patches }) => ({ name, patches: [...common, ...patches] })),
  };
}

function readVariations(input: JsonObject, findings: Finding[]): readonly Variation[] {
  const { variations, axes } = input;
  if ((variations == null) === (axes == null)) {
    const message =
      axes == null
        ? 'Nothing is varied; write variations, for example [{"set": {"base": "fedora:41"}}], or axes.'
        : 'Both variations and axes are there; write one of them.';
    findings.push({ pointer: axes == null ? '/variations' : '/axes', message });
    return [];
  }
  if (axes == null) return readVariationList(variations, '/variations', 'variation', findings);
  const found = findings.length;
  const values = readAxes(axes, findings);
  if (findings.length > found) return [];
  // Counted first: a few axes are enough for more combinations than there is memory.
  const count = values.reduce((product, axis) => product * axis.length, 1);
  if (count > MAX_VARIATIONS) {
    const message = `The axes make ${count} variations; at most ${MAX_VARIATIONS} are accepted.`;
    findings.push({ pointer: '/axes', message });
    return [];
  }
  const combined = combineAxes(values);
  if (new Set(combined.map(({ name }) => name)).size < combined.length) {
    const message = 'Two combinations have the same name; write names without commas.';
    findings.push({ pointer: '/axes', message });
  }
  return combined;
}

/** The axes' values by the axis' name. */
function readAxes(axes: unknown, findings: Finding[]): (readonly Variation[])[] {
  if (!isObject(axes) || Object.keys(axes).length === 0) {
    const example = '{"base": [{"name": "f41", "set": {"base": "fedora:41"}}]}';
    const message = `axes must be an object of lists; write for example ${example}.`;
    findings.push({ pointer: '/axes', message });
    return [];
  }
  return Object.entries(axes).map(([axis, values]) =>
    readVariationList(values, jsonPointer('axes', axis), axis, findings),
  );
}

function readVariationList(
  list: unknown,
  pointer: string,
  what: string,
  findings: Finding[],
): readonly Variation[] {
  if (!Array.isArray(list) || list.length === 0 || list.length > MAX_VARIATIONS) {
    const message = `Write a list of 1 to ${MAX_VARIATIONS} variations, for example [{"set": {"base": "fedora:41"}}].`;
    findings.push({ pointer, message });
    return [];
  }
  const names = new Map<string, number>();
  return list.flatMap((entry: unknown, index) => {
    const place = `${pointer}/${index}`;
    const variation = readVariation(entry, place, `${what}-${index}`, findings);
    if (variation === undefined) return [];
    const twin = names.get(variation.name);
    if (twin !== undefined) {
      const message = `The name ${quoteText(variation.name)} is that of ${pointer}/${twin} too; write another.`;
      findings.push({ pointer: `${place}/name`, message });
    }
    names.set(variation.name, index);
    return [variation];
  });
}

function readVariation(
  entry: unknown,
  pointer: string,
  fallback: string,
  findings: Finding[],
): Variation | undefined {
  if (!isObject(entry)) {
    const message = 'A variation is an object; write for example {"set": {"base": "fedora:41"}}.';
    findings.push({ pointer, message });
    return undefined;
  }
  findUnknown(pointer, entry, VARIATION_FIELDS, 'A variation', findings);
  const { set } = entry;
  if (!isObject(set)) {
    const message = 'set says what is different; write for example {"base": "fedora:41"}, or {}.';
    findings.push({ pointer: `${pointer}/set`, message });
    return undefined;
  }
  const name = entry['name'] ?? fallback;
  if (!isName(name)) {
    const message = `A name is a line of 1 to ${MAX_VARIATION_NAME_LENGTH} characters.`;
    findings.push({ pointer: `${pointer}/name`, message });
    return undefined;
  }
  return { name, patches: [{ pointer: `${pointer}/set`, patch: set }] };
}

function isName(name: unknown): name is string {
  if (typeof name !== 'string' || name.trim() === '') return false;
  return name.length <= MAX_VARIATION_NAME_LENGTH && !UNFIT_FOR_NAME.test(name);
}

function findUnknown(
  pointer: string,
  object: JsonObject,
  known: readonly string[],
  what: string,
  findings: Finding[],
): void {
  for (const name of Object.keys(object)) {
    if (known.includes(name)) continue;
    const nearest = quoteText(nearestName(name, known) ?? '');
    const message = `${what} has no field ${quoteText(name)}; the nearest is ${nearest}.`;
    findings.push({ pointer: `${pointer}${jsonPointer(name)}`, message });
  }
}
