import { routes } from '../../shared/api/generated/routes.js';
import type { Route } from '../../shared/api/operation.js';
import { createPathTable, type FoundPath } from '../../shared/api/path-table.js';
import { AmunError } from '../../shared/errors/amun-error.js';
import { normalizePath } from '../../shared/http/normalize-path.js';

/** The path behind the prefix, and the query with its "?", as they were sent. */
export interface ApiTarget {
  readonly path: string;
  readonly query: string;
}

const TARGET = /^\/api\/v1(\/[^?]*)?(\?.*)?$/s;
const table = createPathTable(routes);

/** Templates of all paths behind the prefix. */
export const API_PATHS = table.templates;

/** Takes a request's URL apart; throws NotFound and, for broken percent-encoding, InvalidRequest. */
export function readTarget(url: string): ApiTarget {
  const match = TARGET.exec(url);
  if (match === null) {
    throw new AmunError('NotFound', 'Write /api/v1 as it stands, without percent-encoding.');
  }
  const [, path = '/', query = ''] = match;
  try {
    decodeURIComponent(query);
  } catch (error) {
    throw new AmunError('InvalidRequest', 'The query is not validly percent-encoded.', {
      cause: error,
    });
  }
  return { path: normalizePath(path), query };
}

/** The operations of a path behind the prefix; undefined where there are none. */
export function findApiPath(path: string): FoundPath<Route> | undefined {
  return table.find(path);
}
