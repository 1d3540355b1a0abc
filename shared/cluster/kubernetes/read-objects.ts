import { isAmunError } from '../../errors/amun-error.js';
import { asArray, asObject } from '../../json/read-json.js';
import type { ClusterRef } from '../port.js';
import type { ApiServer } from './api/api-server.js';
import { isId, podName, podsOf } from './names.js';
import { parseOwner, type OwnerSeen } from './observe/parse-owner.js';
import { parsePod, type PodSeen } from './observe/parse-pod.js';
import { ownerOfSole } from './observe/sole-pod.js';
import { configMapsPath, podsPath } from './paths.js';

/** What the API server has of one build or job, read live. */
export interface Objects {
  readonly owner: OwnerSeen;
  readonly pods: readonly PodSeen[];
}

/**
 * The owner and the pods of a build or job; undefined where there is no owner. Most have one pod, and
 * are asked after when it has ended, so that one is asked for first: it may tell it all.
 */
export async function readObjects(
  api: ApiServer,
  namespace: string,
  ref: ClusterRef,
): Promise<Objects | undefined> {
  if (!isId(ref.id)) return undefined;
  const first = await readPod(api, namespace, ref, 0, 0);
  const sole = first && ownerOfSole(first);
  if (first !== undefined && sole !== undefined) return { owner: sole, pods: [first] };
  const owner = await readOwner(api, namespace, ref);
  return owner && { owner, pods: await readPods(api, namespace, owner, undefined, first) };
}

/** So few pods are read one by one: for a list, the server looks at every pod of the namespace. */
const FEW = 4;

/**
 * The pods that carry a build or job now, or the one of a run.
 *
 * @param first what was read of the first item's first attempt a moment ago
 */
export async function readPods(
  api: ApiServer,
  namespace: string,
  owner: OwnerSeen,
  item?: number,
  first?: PodSeen,
): Promise<PodSeen[]> {
  if (item === undefined && owner.items > FEW) return listPods(api, namespace, owner.ref);
  const items = item === undefined ? Array.from({ length: owner.items }, (_, n) => n) : [item];
  const pods = await Promise.all(
    items.map(async (one) => {
      // Which attempt is the latest follows from what the owner notes.
      const attempt = Math.max(owner.attempts[String(one)] ?? 1, 1) - 1;
      const isRead = first?.item === one && first.attempt === attempt;
      return isRead ? first : readPod(api, namespace, owner.ref, one, attempt);
    }),
  );
  return pods.filter((pod) => pod !== undefined);
}

async function readPod(
  api: ApiServer,
  namespace: string,
  ref: ClusterRef,
  item: number,
  attempt: number,
): Promise<PodSeen | undefined> {
  return parsePod(await orMissing(api.get(podsPath(namespace, podName(ref, item, attempt)))));
}

/** The owner without its request and files. */
export async function readOwner(
  api: ApiServer,
  namespace: string,
  ref: ClusterRef,
): Promise<OwnerSeen | undefined> {
  if (!isId(ref.id)) return undefined;
  const object = await orMissing(
    api.get(configMapsPath(namespace, ref.id), { metadataOnly: true }),
  );
  const owner = parseOwner(object);
  return owner?.ref.kind === ref.kind ? owner : undefined;
}

/** All pods of a build or job, those of earlier attempts as well. */
export async function listPods(
  api: ApiServer,
  namespace: string,
  ref: ClusterRef,
): Promise<PodSeen[]> {
  const labelSelector = podsOf(ref);
  const list = asObject(await api.get(podsPath(namespace), { query: { labelSelector } }));
  return asArray(list['items']).flatMap((object) => parsePod(object) ?? []);
}

/** undefined in place of NotFound. */
export async function orMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isAmunError(error, 'NotFound')) return undefined;
    throw error;
  }
}
