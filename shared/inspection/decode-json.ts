import { AmunError } from '../errors/amun-error.js';
import { checkJson } from './validation/check-json.js';
import { describeJsonError } from './validation/describe-json-error.js';
import { MAX_DEPTH } from './limits.js';

/** Only what JSON.parse lets through unseen is looked for; how much may come is the caller's to say. */
const LIMITS = { maxDepth: 2 * MAX_DEPTH, maxValues: Infinity, maxBytes: Infinity };

/**
 * The value of a JSON document in strict UTF-8 (a byte order mark is left out). Throws
 * InvalidRequest with line and column for anything else, and for what has no business in a
 * document: fields named __proto__, halves of characters, hundreds of nested lists.
 */
export function decodeJson(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes);
  const value = parse(text);
  const unfit = checkJson(value, LIMITS);
  if (unfit === undefined) return value;
  throw new AmunError('InvalidRequest', `The document is not accepted: ${unfit.message}`, {
    details: [unfit],
  });
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const message = 'The document is not in UTF-8; save it as UTF-8 and send it again.';
    throw new AmunError('InvalidRequest', message, { cause });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const message = `The document is not JSON: ${describeJsonError(text)}`;
    throw new AmunError('InvalidRequest', message, { cause });
  }
}
