import { AmunError } from '../errors/amun-error.js';
import { nearestName } from '../inspection/validation/nearest-name.js';

const MAX_SHOWN = 120;

/**
 * The error for a path that nothing answers to; names the nearest one that something does.
 *
 * @param known with {id} and {item} where an inspection or a run is named
 */
export function unknownPath(path: string, known: readonly string[]): AmunError {
  const shown = path.length > MAX_SHOWN ? `${path.slice(0, MAX_SHOWN)}…` : path;
  const nearest = nearestName(shapeOf(path), known) ?? '/';
  return new AmunError('NotFound', `There is nothing at "${shown}"; did you mean ${nearest}?`);
}

/** What tells paths apart: whose they are does not. */
function shapeOf(path: string): string {
  return path
    .replace(/^\/inspect\/[^/]+/, '/inspect/{id}')
    .replace(/\/job\/[^/]+\//, '/job/{item}/');
}
