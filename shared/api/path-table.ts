import type { Route } from './operation.js';

/** A path of the API that a request's path fits. */
export interface FoundPath<R extends Route> {
  /** "/inspect/{id}/status" */
  readonly template: string;
  /** What stands for each name, as it was sent. */
  readonly values: Readonly<Record<string, string>>;
  /** The operations of that path, one a method. */
  readonly routes: readonly R[];
}

export interface PathTable<R extends Route> {
  readonly templates: readonly string[];
  /** The path that fits, the one with the fewest names where several do; undefined where none does. */
  find(path: string): FoundPath<R> | undefined;
}

/** Finds operations by path. Nothing is decoded: no name of ours needs an encoding. */
export function createPathTable<R extends Route>(routes: readonly R[]): PathTable<R> {
  const templates = [...new Set(routes.map(({ path }) => path))];
  const entries = templates
    .map((template) => ({
      template,
      names: [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name),
      pattern: patternOf(template),
      routes: routes.filter(({ path }) => path === template),
    }))
    .sort((left, right) => left.names.length - right.names.length);
  return {
    templates,
    find(path) {
      for (const { template, names, pattern, routes: known } of entries) {
        const found = pattern.exec(path);
        if (found === null) continue;
        const values = Object.fromEntries(names.map((name, at) => [name, found[at + 1] ?? '']));
        return { template, values, routes: known };
      }
      return undefined;
    },
  };
}

/** The methods that a path answers to: HEAD wherever GET, and OPTIONS always. */
export function allowedMethods(routes: readonly Route[]): string[] {
  const methods = routes.map(({ method }) => method);
  return [
    ...methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])),
    'OPTIONS',
  ];
}

function patternOf(template: string): RegExp {
  const parts = template
    .split(/\{\w+\}/)
    .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('([^/]+)')}$`);
}
