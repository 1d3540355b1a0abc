import type { FunctionDefinition } from './read-stack.js';

/** OpenFaaS' namespace of functions; the one there is here. */
export const NAMESPACE = 'openfaas-fn';

/** A function that this gateway serves. */
export interface ServedFunction extends FunctionDefinition {
  /** Origin of its process; undefined where it is declared but nobody said where it runs. */
  readonly url: string | undefined;
  /** Since the gateway started. */
  invocations: number;
}

export interface FunctionRegistry {
  list(): readonly ServedFunction[];
  /** By "name" or "name.openfaas-fn"; undefined where there is none. */
  find(name: string): ServedFunction | undefined;
}

/**
 * Joins what stack.yml declares with where functions run; one that runs undeclared is served too.
 *
 * @param urls origin of each function's process, by name
 */
export function createFunctionRegistry(
  definitions: readonly FunctionDefinition[],
  urls: Readonly<Record<string, string>>,
): FunctionRegistry {
  const served = new Map<string, ServedFunction>();
  const declared = new Set(definitions.map(({ name }) => name));
  const undeclared = Object.keys(urls)
    .filter((name) => !declared.has(name))
    .map((name) => ({ name, image: '', labels: {}, annotations: {} }));
  for (const definition of [...definitions, ...undeclared]) {
    served.set(definition.name, { ...definition, url: urls[definition.name], invocations: 0 });
  }
  return {
    list: () => [...served.values()],
    find: (name) =>
      served.get(name) ??
      (name.endsWith(`.${NAMESPACE}`)
        ? served.get(name.slice(0, -NAMESPACE.length - 1))
        : undefined),
  };
}
