import { AmunError, isAmunError } from '../../errors/amun-error.js';
import { asObject } from '../../json/read-json.js';
import type { ClusterRef } from '../port.js';
import type { ApiServer } from './api/api-server.js';
import { ownerManifest, type Refusal } from './manifests/owner.js';
import { parseStoredRequest } from './manifests/parse-stored-request.js';
import { REQUEST_KEY, type PackedRequest, type StoredRequest } from './manifests/stored-request.js';
import { parseOwner, type OwnerSeen } from './observe/parse-owner.js';
import { podName } from './names.js';
import { configMapsPath, podsPath } from './paths.js';
import { mayFitLater } from './quota.js';
import { orMissing } from './read-objects.js';

/** Makes the owner of a build or job, or finds it; undefined where it is gone at this moment. */
export async function makeOwner(
  api: ApiServer,
  namespace: string,
  packed: PackedRequest,
  refusal: Refusal | undefined,
): Promise<{ owner: OwnerSeen | undefined; isNew: boolean }> {
  try {
    const manifest = ownerManifest(namespace, packed, refusal);
    // It is large, and what comes back is what was sent.
    const made = await api.create(configMapsPath(namespace), manifest, { metadataOnly: true });
    return { owner: parseOwner(made), isNew: true };
  } catch (error) {
    if (mayFitLater(error)) throw new AmunError('TooManyRequests', error.message, { cause: error });
    if (!isAmunError(error, 'AlreadyExists')) throw error;
    const path = configMapsPath(namespace, packed.stored.id);
    const there = await orMissing(api.get(path, { metadataOnly: true }));
    return { owner: parseOwner(there), isNew: false };
  }
}

/**
 * Removes what was begun and the cluster refused for good, then throws what it said. Where removing
 * may succeed later, that is what is thrown: a retry begins with the refusal again.
 */
export async function removeRefused(
  api: ApiServer,
  namespace: string,
  ref: ClusterRef,
  refusal: unknown,
): Promise<never> {
  try {
    await removeOwner(api, namespace, ref);
  } catch (error) {
    if (isAmunError(error) && error.entry.retryable) throw error;
  }
  throw refusal;
}

/** Removes a build or job; the cluster's garbage collector removes all that belongs to it. */
export async function removeOwner(
  api: ApiServer,
  namespace: string,
  ref: ClusterRef,
): Promise<void> {
  await orMissing(api.remove(configMapsPath(namespace, ref.id)));
}

/**
 * Removes a build or job whose outcome is stored, its first pod before: most have no more than that,
 * and the garbage collector, whose requests are few on many a cluster, has nothing left to do then.
 */
export async function removePodAndOwner(
  api: ApiServer,
  namespace: string,
  ref: ClusterRef,
): Promise<void> {
  await orMissing(api.remove(podsPath(namespace, podName(ref, 0, 0))));
  await removeOwner(api, namespace, ref);
}

/** The request as we stored it; immutable since. */
export function readRequest(object: unknown, ref: ClusterRef): StoredRequest {
  const text = asObject(asObject(object)['data'])[REQUEST_KEY];
  const stored = parseStoredRequest(text);
  if (stored?.kind === ref.kind && stored.id === ref.id) return stored;
  throw new AmunError(
    'InvalidRequest',
    `The ConfigMap ${ref.id} does not hold the request that Amun stored; submit it again.`,
  );
}
