import type { ErrorObject } from 'ajv';
import type { Finding } from '../../errors/amun-error.js';
import { describePlace, jsonPointer, pointerSegments, quoteText } from './json-pointer.js';
import { nearestName } from './nearest-name.js';
import { findNode, resolveNode, type SchemaNode } from './schema-node.js';

/** One finding of the schema's validator, in words that say what to write instead. */
export function explainSchemaError(error: ErrorObject, input: unknown): Finding {
  const pointer = error.instancePath;
  const node = findNode(pointerSegments(pointer));
  const place = describePlace(pointer);
  const limit = String(error.params.limit);
  switch (error.keyword) {
    case 'required':
      return explainMissing(pointer, String(error.params.missingProperty), node);
    case 'additionalProperties':
      return explainUnknown(pointer, String(error.params.additionalProperty), node);
    case 'type':
      return { pointer, message: explainType(place, error, node, valueAt(input, pointer)) };
    case 'enum': {
      const allowed = (error.params.allowedValues as unknown[]).map((value) =>
        JSON.stringify(value),
      );
      return { pointer, message: `${place} must be one of ${allowed.join(', ')}.` };
    }
    case 'minimum':
      return { pointer, message: `${place} is too small; write ${limit} or more.` };
    case 'maximum':
      return { pointer, message: `${place} is too large; write ${limit} or less.` };
    case 'minLength':
      return { pointer, message: `${place} is empty; write ${example(node)} or leave it out.` };
    case 'maxLength':
      return { pointer, message: `${place} is too long; write at most ${limit} characters.` };
    case 'maxItems':
      return { pointer, message: `${place} has too many entries; write at most ${limit}.` };
    case 'maxProperties':
      return { pointer, message: `${place} has too many fields; write at most ${limit}.` };
    default:
      // A keyword that the schema uses and this table lacks: a test keeps the two equal.
      return { pointer, message: `${place} is not valid; write for example ${example(node)}.` };
  }
}

function explainMissing(parent: string, name: string, node: SchemaNode): Finding {
  const pointer = `${parent}${jsonPointer(name)}`;
  const field = node.properties?.[name];
  const hint = field === undefined ? '' : `; write for example ${example(field)}`;
  return { pointer, message: `${describePlace(pointer)} is missing${hint}.` };
}

function explainUnknown(parent: string, name: string, node: SchemaNode): Finding {
  const pointer = `${parent}${jsonPointer(name)}`;
  const where = parent === '' ? 'A specification' : describePlace(parent);
  const nearest = nearestName(name, Object.keys(node.properties ?? {})) ?? '';
  const message = `${where} has no field ${quoteText(name)}; the nearest is ${quoteText(nearest)}.`;
  return { pointer, message };
}

function explainType(place: string, error: ErrorObject, node: SchemaNode, value: unknown): string {
  const wanted = [error.params.type as string | string[]].flat();
  const expected = wanted.map((type) => TYPE_WORDS[type] ?? type).join(' or ');
  const message = `${place} must be ${expected}, not ${describeValue(value)}`;
  if (wanted.includes('string') && (typeof value === 'number' || typeof value === 'boolean')) {
    return `${message}; write ${JSON.stringify(String(value))} in quotes.`;
  }
  return `${message}; write for example ${example(node)}.`;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

function describeValue(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? `the text ${quoteText(value, 30)}` : JSON.stringify(value);
}

function example(node: SchemaNode): string {
  return JSON.stringify(resolveNode(node).examples?.[0] ?? null);
}

function valueAt(input: unknown, pointer: string): unknown {
  let value = input;
  for (const segment of pointerSegments(pointer))
    value = (value as Record<string, unknown>)[segment];
  return value;
}
