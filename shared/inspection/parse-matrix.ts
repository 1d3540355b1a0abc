import { AmunError, isAmunError, type Finding } from '../errors/amun-error.js';
import { refuseDocument } from './refuse-document.js';
import { MAX_DEPTH, MAX_FINDINGS, MAX_SPECIFICATION_BYTES, MAX_VALUES } from './limits.js';
import { readMatrixRequest, type Variation } from './matrix-request.js';
import { isObject, isPatched, mergePatch } from './merge-patch.js';
import { parseSpecification } from './parse-specification.js';
import { isIdentifier } from './rules/check-identifier.js';
import type { JsonObject, Specification } from './specification.js';
import { checkJson } from './validation/check-json.js';
import { pointerSegments } from './validation/json-pointer.js';

/** Bytes of all specifications of a matrix together, as JSON. */
export const MAX_MATRIX_BYTES = 16 * MAX_SPECIFICATION_BYTES;

/** A patch lies a few levels deeper in the request than in the specification. */
const LIMITS = {
  maxDepth: MAX_DEPTH + 4,
  maxValues: MAX_VALUES,
  maxBytes: MAX_SPECIFICATION_BYTES,
};

/** One variation, checked: a specification of its own. */
export interface MatrixVariation {
  readonly name: string;
  readonly specification: Specification;
}

/** A matrix as accepted. */
export interface Matrix {
  /** The identifier of the specification that is varied; its variations may have others. */
  readonly identifier?: string;
  readonly variations: readonly MatrixVariation[];
}

/**
 * Makes a matrix of a request {specification, variations | axes, labels?}, as parsed from JSON or
 * YAML. Every variation is checked on its own; a fault that several share is told once. Throws
 * InvalidSpecification with findings whose pointers lead into the request, at most MAX_FINDINGS,
 * and TooLarge where the specifications together are more than MAX_MATRIX_BYTES.
 *
 * @param allow looks at each specification, and may refuse it by InvalidSpecification
 */
export function parseMatrix(
  input: unknown,
  allow: (specification: Specification) => Specification = (one) => one,
): Matrix {
  if (!isObject(input)) {
    const message =
      'A matrix is an object; write for example {"specification": {"base": "fedora:40"}, "variations": [{"set": {}}]}.';
    throw refuseDocument('matrix', [{ pointer: '', message }]);
  }
  const unfit = checkJson(input, LIMITS);
  if (unfit !== undefined) throw refuseDocument('matrix', [unfit]);

  const findings: Finding[] = [];
  const { specification: sent, variations } = readMatrixRequest(input, findings);
  if (findings.length > 0) throw refuseDocument('matrix', findings);

  const parsed = variations.flatMap((variation): MatrixVariation[] => {
    // Enough is known by then.
    if (findings.length > MAX_FINDINGS) return [];
    const specification = parseVariation(sent, variation, allow, findings);
    return specification === undefined ? [] : [{ name: variation.name, specification }];
  });
  if (findings.length > 0) throw refuseDocument('matrix', withoutRepetitions(findings));
  checkSize(parsed);
  const { identifier } = sent;
  const isUsable = typeof identifier === 'string' && isIdentifier(identifier);
  return { ...(isUsable ? { identifier } : {}), variations: parsed };
}

function parseVariation(
  sent: JsonObject,
  { patches }: Variation,
  allow: (specification: Specification) => Specification,
  findings: Finding[],
): Specification | undefined {
  const steps = [sent];
  for (const { patch } of patches) steps.push(mergePatch(steps.at(-1), patch) as JsonObject);
  try {
    return allow(parseSpecification(steps.at(-1)));
  } catch (error) {
    if (!isAmunError(error, 'InvalidSpecification') || error.details === undefined) throw error;
    for (const { pointer, message } of error.details) {
      findings.push({ pointer: placeInRequest(pointer, patches, steps), message });
    }
    return undefined;
  }
}

/** Where in the request a place of the specification that came of it was written last. */
function placeInRequest(
  pointer: string,
  patches: Variation['patches'],
  steps: readonly JsonObject[],
): string {
  const segments = pointerSegments(pointer);
  for (let index = patches.length - 1; index >= 0 && segments.length > 0; index -= 1) {
    const placed = patches[index];
    if (placed !== undefined && isPatched(placed.patch, segments, steps[index])) {
      return `${placed.pointer}${pointer}`;
    }
  }
  return `/specification${pointer}`;
}

function withoutRepetitions(findings: readonly Finding[]): Finding[] {
  const byText = findings.map((found) => [`${found.pointer}\n${found.message}`, found] as const);
  return [...new Map(byText).values()];
}

function checkSize(variations: readonly MatrixVariation[]): void {
  let bytes = 0;
  for (const { specification } of variations) {
    bytes += Buffer.byteLength(JSON.stringify(specification));
    if (bytes <= MAX_MATRIX_BYTES) continue;
    const message = `The specifications of a matrix may have ${MAX_MATRIX_BYTES} bytes together; send fewer variations at once.`;
    throw new AmunError('TooLarge', message);
  }
}
