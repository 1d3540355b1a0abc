import type { V1ConfigMap } from '@kubernetes/client-node';
import { ownedBy } from '../../kubernetes/manifests/owner.js';
import type { StoredBuild, StoredFile } from '../../kubernetes/manifests/stored-request.js';
import { folderName } from '../names.js';

/** A folder of a context with those of its files that the owner has under other keys. */
export interface ContextFolder {
  /** The ConfigMap that holds them. */
  readonly name: string;
  /** Relative to the context's root; "." is that. */
  readonly path: string;
  readonly files: readonly StoredFile[];
}

/** The folders of a build's context, in the order of their paths. Our own contexts have none. */
export function foldersOf({ id, files }: StoredBuild): ContextFolder[] {
  const byPath = new Map<string, StoredFile[]>();
  for (const file of files) {
    if (file.key === file.path) continue;
    const path = file.path.includes('/') ? file.path.slice(0, file.path.lastIndexOf('/')) : '.';
    byPath.set(path, [...(byPath.get(path) ?? []), file]);
  }
  return [...byPath]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([path, held], index) => ({ name: folderName(id, index), path, files: held }));
}

/**
 * A ConfigMap a folder, for a ConfigMap holds no folders.
 *
 * @param data of the owner
 */
export function folderMaps(
  namespace: string,
  build: StoredBuild,
  data: Readonly<Record<string, string>>,
  ownerUid: string,
): V1ConfigMap[] {
  return foldersOf(build).map(({ name, files }) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace,
      ownerReferences: [ownedBy({ name: build.id, uid: ownerUid })],
    },
    immutable: true,
    data: Object.fromEntries(
      files.map(({ key, path }) => [path.slice(path.lastIndexOf('/') + 1), data[key] ?? '']),
    ),
  }));
}
