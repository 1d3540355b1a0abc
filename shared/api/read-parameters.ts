import { AmunError } from '../errors/amun-error.js';
import type { Parameter } from './operation.js';

/** Where the texts of a request's parameters are found. */
export interface SentParameters {
  readonly path: Readonly<Record<string, string>>;
  /** Every value of each, in order. */
  readonly query: Readonly<Record<string, readonly string[]>>;
  /** By name in lower case. */
  readonly header: Readonly<Record<string, string>>;
}

/** Parsed values by place and name; what is absent and has no default is left out. */
export type ParameterValues = Record<Parameter['in'], Record<string, unknown>>;

/** Text that came from outside, for a sentence. */
const MAX_SHOWN = 80;
const NUMBERS = { integer: /^-?\d{1,16}$/, number: /^-?\d{1,16}(\.\d{1,16})?$/ };
const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, 1: true, false: false, 0: false };

/**
 * Reads the parameters that the document names; others in the query are ignored, since Amun's
 * clients and proxies add some of their own. Throws InvalidRequest, and for a value in the path, which
 * then names nothing that there is, NotFound.
 */
export function readParameters(
  parameters: readonly Parameter[],
  sent: SentParameters,
): ParameterValues {
  const values: ParameterValues = { path: {}, query: {}, header: {} };
  for (const parameter of parameters) {
    const value = readParameter(parameter, textsOf(parameter, sent));
    if (value !== undefined) values[parameter.in][parameter.name] = value;
  }
  return values;
}

function textsOf(parameter: Parameter, sent: SentParameters): readonly string[] {
  const { name, isList } = parameter;
  if (parameter.in === 'query') {
    const texts = own(sent.query, name) ?? [];
    return isList ? texts.flatMap((text) => text.split(',')) : texts.slice(0, 1);
  }
  const text =
    parameter.in === 'path' ? own(sent.path, name) : own(sent.header, name.toLowerCase());
  return text === undefined ? [] : [text];
}

/** A name like "constructor" is nobody's parameter. */
function own<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function readParameter(parameter: Parameter, texts: readonly string[]): unknown {
  const { name, isList, isRequired, kind, fallback, write } = parameter;
  const [first] = texts;
  if (first === undefined) {
    if (!isRequired) return fallback;
    throw new AmunError('InvalidRequest', `${name} is missing; write ${write}.`);
  }
  const values = texts.map((text) => parseText(kind, text));
  const value = isList ? values : values[0];
  if (!values.includes(undefined) && parameter.isValid(value)) return value;
  throw describeMisfit(parameter, texts);
}

/** undefined where the text is not of that kind. */
function parseText(kind: Parameter['kind'], text: string): unknown {
  if (kind === 'string') return text;
  if (kind === 'boolean') return own(BOOLEANS, text);
  return NUMBERS[kind].test(text) ? Number(text) : undefined;
}

function describeMisfit(parameter: Parameter, texts: readonly string[]): AmunError {
  const { name, noun, write } = parameter;
  const shown = JSON.stringify(texts.join(',').slice(0, MAX_SHOWN));
  if (parameter.in === 'path') {
    return new AmunError('NotFound', `There is no ${noun ?? name} ${shown}.`);
  }
  return new AmunError('InvalidRequest', `${name} is ${shown}; write ${write}.`);
}
