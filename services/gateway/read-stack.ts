import { parse } from 'yaml';
import { expandVariables } from '../../shared/config/expand-variables.js';
import { AmunError } from '../../shared/errors/amun-error.js';
import { asObject } from '../../shared/json/read-json.js';

/** A function as stack.yml declares it. */
export interface FunctionDefinition {
  readonly name: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The functions of a stack.yml, given its text; throws InvalidRequest where it is none. */
export function readStack(text: string): FunctionDefinition[] {
  let document: unknown;
  try {
    document = parse(expandVariables(text));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AmunError('InvalidRequest', `stack.yml is not valid YAML: ${why}`, { cause: error });
  }
  const functions = asObject(asObject(document)['functions']);
  return Object.entries(functions).map(([name, value]) => {
    const declared = asObject(value);
    return {
      name,
      image: typeof declared['image'] === 'string' ? declared['image'] : '',
      labels: asTexts(declared['labels']),
      annotations: asTexts(declared['annotations']),
    };
  });
}

/** YAML reads `"1"` as text and `1` as a number; to OpenFaaS both are text. */
function asTexts(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(asObject(value)).map(([key, entry]) => [key, String(entry)]),
  );
}
