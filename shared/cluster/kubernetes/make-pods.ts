import type { V1Pod } from '@kubernetes/client-node';
import { isAmunError } from '../../errors/amun-error.js';
import { mapBounded } from '../../concurrency/map-bounded.js';
import type { ClusterRef } from '../port.js';
import type { ApiServer } from './api/api-server.js';
import type { CommonMaps } from './common-maps.js';
import type { Refusal } from './manifests/owner.js';
import { mapsOf, type PackedRequest, type StoredRequest } from './manifests/stored-request.js';
import { ANNOTATION_ATTEMPTS, ANNOTATION_HELD, ANNOTATION_PREEMPTIONS } from './names.js';
import { attemptsOf, isPreempted, latestPods, mayTryAgain } from './observe/attempts.js';
import { judgePod } from './observe/judge-pod.js';
import { parseOwner, type OwnerSeen } from './observe/parse-owner.js';
import { makeOwner, readRequest, removeRefused } from './owners.js';
import { configMapsPath, podsPath } from './paths.js';
import { mayFitLater } from './quota.js';
import { listPods, orMissing } from './read-objects.js';

/** Pods of one batch made at once. */
const CONCURRENCY = 20;

/** Which pods carry a request out, and where. */
export interface PodMaker {
  readonly namespace: string;
  readonly common: CommonMaps;
  pod(stored: StoredRequest, ownerUid: string, item: number, attempt: number): V1Pod;
}

/**
 * Makes the owner of a build or job and its pods. What is there already stays; what a caller before
 * did not get to is made. Where the cluster refuses a pod for good, nothing is left behind; where
 * its quota has no room now, the rest is left to `makeMissing`.
 */
export async function makeObjects(
  api: ApiServer,
  maker: PodMaker,
  packed: PackedRequest,
  refusal?: Refusal,
): Promise<void> {
  const { namespace, common } = maker;
  if (refusal === undefined) {
    await Promise.all(packed.common.map((file) => common.ensure(file)));
  }
  const { owner, isNew } = await makeOwner(api, namespace, packed, refusal);
  if (owner === undefined || owner.refusal !== undefined || owner.isCancelled) return;
  const stored = isNew ? packed.stored : await readStored(api, maker, packed.stored);
  if (stored === undefined) return;
  const pods = isNew ? [] : await listPods(api, namespace, stored);
  const latest = latestPods(owner, pods);
  const missing = itemsOf(owner).filter((item) => attemptsOf(owner, item, latest.get(item)) === 0);
  const due = missing.map((item) => ({ item, attempt: 0 }));
  const { held, failure } = await makeAll(api, maker, stored, owner, due);
  if (failure !== undefined) {
    const { error } = failure;
    if (!isAmunError(error) || error.entry.retryable) throw error;
    await removeRefused(api, namespace, stored, error);
  }
  if (held !== undefined) await annotate(api, namespace, owner, { [ANNOTATION_HELD]: held });
}

/**
 * Tries again what a disruption took away or nobody made, and notes how often that was done. What
 * there is no room for does not count as tried.
 */
export async function makeMissing(api: ApiServer, maker: PodMaker, ref: ClusterRef): Promise<void> {
  const { namespace, common } = maker;
  const object = await orMissing(api.get(configMapsPath(namespace, ref.id)));
  const owner = parseOwner(object);
  if (owner?.ref.kind !== ref.kind || owner.isCancelled || owner.refusal !== undefined) return;
  const stored = readRequest(object, ref);
  const latest = latestPods(owner, await listPods(api, namespace, ref));
  const due = itemsOf(owner).flatMap((item) => {
    const pod = latest.get(item);
    if (pod !== undefined && judgePod(pod, Date.now()).kind !== 'disrupted') return [];
    // What is not there now may have been there: it counts as one.
    const attempt = Math.max(attemptsOf(owner, item, pod), 1);
    const isFree = isPreempted(owner, pod);
    return mayTryAgain(owner, item, pod, isFree) ? [{ item, attempt, isFree }] : [];
  });
  if (due.length === 0) return;
  await Promise.all(mapsOf(stored).map((name) => common.require(name)));
  const { made, held, failure } = await makeAll(api, maker, stored, owner, due);
  if (made.length > 0 || held !== owner.held) {
    await annotate(api, namespace, owner, {
      ...notes(owner, made),
      [ANNOTATION_HELD]: held ?? null,
    });
  }
  if (failure !== undefined) throw failure.error;
}

/**
 * The request as its owner holds it, which another version or other settings may have made: pods are
 * to mount what is there.
 */
async function readStored(
  api: ApiServer,
  { namespace, common }: PodMaker,
  ref: ClusterRef,
): Promise<StoredRequest | undefined> {
  const object = await orMissing(api.get(configMapsPath(namespace, ref.id)));
  if (object === undefined) return undefined;
  const stored = readRequest(object, ref);
  await Promise.all(mapsOf(stored).map((name) => common.require(name)));
  return stored;
}

/** One try of one item. */
interface Try {
  readonly item: number;
  readonly attempt: number;
  /** True where the one before it does not count. */
  readonly isFree?: boolean;
}

/** How often each item was tried by now, and how often that does not count. */
function notes(owner: OwnerSeen, made: readonly Try[]): Record<string, string> {
  const attempts = made.map(({ item, attempt }) => [String(item), attempt + 1] as const);
  const free = made.flatMap(({ item, isFree = false }) =>
    isFree ? [[String(item), (owner.preemptions[String(item)] ?? 0) + 1] as const] : [],
  );
  const preemptions = { ...owner.preemptions, ...Object.fromEntries(free) };
  return {
    [ANNOTATION_ATTEMPTS]: JSON.stringify({ ...owner.attempts, ...Object.fromEntries(attempts) }),
    ...(free.length === 0 ? {} : { [ANNOTATION_PREEMPTIONS]: JSON.stringify(preemptions) }),
  };
}

interface Made {
  readonly made: readonly Try[];
  /** The quota's words, where it has no room for the rest now. */
  readonly held?: string;
  /** Why the rest was not made otherwise. */
  readonly failure?: { readonly error: unknown };
}

async function makeAll(
  api: ApiServer,
  maker: PodMaker,
  stored: StoredRequest,
  owner: OwnerSeen,
  due: readonly Try[],
): Promise<Made> {
  const made: Try[] = [];
  try {
    await mapBounded(due, CONCURRENCY, async (one) => {
      await makePod(api, maker, stored, owner, one);
      made.push(one);
    });
    return { made };
  } catch (error) {
    return mayFitLater(error) ? { made, held: error.message } : { made, failure: { error } };
  }
}

async function annotate(
  api: ApiServer,
  namespace: string,
  { ref }: OwnerSeen,
  annotations: Readonly<Record<string, string | null>>,
): Promise<void> {
  await orMissing(api.patch(configMapsPath(namespace, ref.id), { metadata: { annotations } }));
}

async function makePod(
  api: ApiServer,
  maker: PodMaker,
  stored: StoredRequest,
  owner: OwnerSeen,
  { item, attempt }: Try,
): Promise<void> {
  try {
    const pod = maker.pod(stored, owner.uid, item, attempt);
    await api.create(podsPath(maker.namespace), pod, { metadataOnly: true });
  } catch (error) {
    if (!isAmunError(error, 'AlreadyExists')) throw error;
  }
}

function itemsOf(owner: OwnerSeen): number[] {
  return Array.from({ length: owner.items }, (_, item) => item);
}
