import { AmunError } from '../../../errors/amun-error.js';
import type { Query } from './api-server.js';

const NAMES_ONLY = 'g=meta.k8s.io;v=v1';

/** Path and query as they stand in the request; throws Internal for a path that is none of ours. */
export function requestTarget(path: string, query: Query = {}): string {
  const isPlain = /^\/[A-Za-z0-9._~:/%-]*$/.test(path) && !/(^|\/)\.{1,2}(\/|$)/.test(path);
  if (!isPlain)
    throw new AmunError('Internal', `"${path.slice(0, 300)}" is no path of an API server.`);
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters.size === 0 ? path : `${path}?${parameters.toString()}`;
}

/** The Accept header of a read. */
export function acceptHeader(path: string, query: Query, metadataOnly: boolean): string {
  // Logs are plain text.
  if (!metadataOnly) return 'application/json, */*';
  // A watch of a list tells of single objects.
  const isList = isCollection(path) && query['watch'] === undefined;
  return acceptMetadata(isList ? 'PartialObjectMetadataList' : 'PartialObjectMetadata');
}

/** The Accept header for names and labels; an API server that knows no such answers gives all. */
export function acceptMetadata(
  kind: 'PartialObjectMetadata' | 'PartialObjectMetadataList',
): string {
  return `application/json;as=${kind};${NAMES_ONLY},application/json`;
}

/** True for a path that names a kind of objects, false for one that names an object. */
function isCollection(path: string): boolean {
  const parts = path.split('/').filter(Boolean);
  // /api/v1/… and /apis/<group>/<version>/…
  const rest = parts.slice(parts[0] === 'api' ? 2 : 3);
  if (rest[0] === 'namespaces' && rest.length > 2) rest.splice(0, 2);
  return rest.length === 1;
}
