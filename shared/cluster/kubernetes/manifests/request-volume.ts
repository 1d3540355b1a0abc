import type { V1KeyToPath, V1Volume } from '@kubernetes/client-node';
import type { StoredRequest } from './stored-request.js';

/** A file as a volume shows it. */
export interface VolumeFile extends V1KeyToPath {
  /** The ConfigMap that holds it. Default: the owner. */
  readonly map?: string;
}

/** One volume of files that lie in several ConfigMaps. */
export function requestVolume(
  name: string,
  { id }: StoredRequest,
  files: readonly VolumeFile[],
): V1Volume {
  const byMap = new Map<string, V1KeyToPath[]>();
  for (const { map = id, key, path, mode } of files) {
    const item = { key, path, ...(mode === undefined ? {} : { mode }) };
    byMap.set(map, [...(byMap.get(map) ?? []), item]);
  }
  const sources = [...byMap].map(([from, items]) => ({ configMap: { name: from, items } }));
  return { name, projected: { sources } };
}
