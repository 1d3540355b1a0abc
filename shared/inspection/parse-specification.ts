import { completeSpecification } from './complete-specification.js';
import { validate } from './generated/validate-specification.js';
import type { Specification } from './specification.js';
import { refuseDocument } from './refuse-document.js';
import { MAX_DEPTH, MAX_FINDINGS, MAX_SPECIFICATION_BYTES, MAX_VALUES } from './limits.js';
import { checkJson } from './validation/check-json.js';
import { checkMeaning } from './validation/check-meaning.js';
import { dropNulls } from './validation/drop-nulls.js';
import { explainSchemaError } from './validation/explain-schema-error.js';
import { pointerSegments } from './validation/json-pointer.js';
import { SPECIFICATION_SCHEMA } from './validation/schema-node.js';
import type { SentSpecification } from './validation/sent-specification.js';

const LIMITS = {
  maxDepth: MAX_DEPTH,
  maxValues: MAX_VALUES,
  maxBytes: MAX_SPECIFICATION_BYTES,
};

/**
 * Makes a specification of what a user sent, as parsed from JSON or YAML: checked, with every
 * default filled in, paths normalised. The input is left as it is.
 * Throws InvalidSpecification with a finding (JSON pointer and sentence) for everything that is
 * wrong, at most MAX_FINDINGS.
 */
export function parseSpecification(input: unknown): Specification {
  const fields = takeFields(input);
  const unfit = checkJson(fields, LIMITS);
  if (unfit) throw refuseDocument('specification', [unfit]);

  const sent = dropNulls(fields, SPECIFICATION_SCHEMA);
  const misfits = validate(sent) ? [] : (validate.errors ?? []);
  const findings = misfits
    .slice(0, MAX_FINDINGS + 1)
    .map((error) => explainSchemaError(error, sent));
  const broken = new Set(misfits.map((error) => pointerSegments(error.instancePath)[0] ?? ''));
  findings.push(...checkMeaning(sent as SentSpecification, broken));
  if (findings.length > 0) throw refuseDocument('specification', findings);
  return completeSpecification(sent as SentSpecification);
}

/** The fields that are the user's: keys that begin with @ are the server's. */
function takeFields(input: unknown): object {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    const message = 'A specification is an object; write for example {"base": "fedora:40"}.';
    throw refuseDocument('specification', [{ pointer: '', message }]);
  }
  return Object.fromEntries(Object.entries(input).filter(([name]) => !name.startsWith('@')));
}
