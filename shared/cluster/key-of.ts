import type { ClusterRef } from './port.js';

/** A build or job as the key of a map: `<kind>/<id>`. */
export function keyOf({ kind, id }: ClusterRef): string {
  return `${kind}/${id}`;
}
