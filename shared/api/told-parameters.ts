import type { Json } from '../inspection/specification.js';
import type { FoundPath } from './path-table.js';
import type { Route } from './operation.js';

/**
 * What a request asked for, as its answer tells it: what the path names, after the query.
 *
 * @param found undefined where the path is none of ours
 */
export function toldParameters(
  found: FoundPath<Route> | undefined,
  query: Readonly<Record<string, string>>,
): Record<string, Json> {
  const named = Object.entries(found?.values ?? {}).map(([name, text]): [string, Json] => {
    // In answers an inspection's id has been called so from the beginning.
    const told = name === 'id' ? 'inspection_id' : name;
    return [told, name === 'item' && /^\d{1,9}$/.test(text) ? Number(text) : text];
  });
  return { ...query, ...Object.fromEntries(named) };
}
