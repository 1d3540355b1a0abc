import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { DOCUMENT } from './api-document.js';

type Value = null | boolean | number | string | Value[] | { [key: string]: Value };

/**
 * Answers must not have fields that the document does not name, though clients are to expect some
 * one day: here every object that lists its properties has no others.
 */
function close(value: Value): Value {
  if (Array.isArray(value)) return value.map(close);
  if (typeof value !== 'object' || value === null) return value;
  const closed = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, close(one)]));
  const isOpen = 'additionalProperties' in value || 'patternProperties' in value;
  const isObject = value['type'] === 'object' && 'properties' in value;
  return isObject && !isOpen ? { ...closed, additionalProperties: false } : closed;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ ...(close(DOCUMENT) as object), $id: 'api' });
const compiled = new Map<string, ValidateFunction>();

/** What is wrong with a value by the schema at that place of the document; empty where it is right. */
export function misfits(pointer: string, value: unknown): string[] {
  const $ref = `api#${encodeURI(pointer)}`;
  const validate = compiled.get($ref) ?? ajv.compile({ $ref });
  compiled.set($ref, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
