import { asArray, asObject } from '../../json/read-json.js';
import type { ApiServer } from '../kubernetes/api/api-server.js';
import { podsOf } from '../kubernetes/names.js';
import type { OwnerSeen } from '../kubernetes/observe/parse-owner.js';
import { parsePodState, type PodState } from '../kubernetes/observe/parse-pod.js';
import { podsPath } from '../kubernetes/paths.js';
import { orMissing, readOwner } from '../kubernetes/read-objects.js';
import type { ClusterRef } from '../port.js';
import { BUILD_CONTAINER } from './names.js';
import { latestBuild } from './observe/observe-build.js';
import { parseBuild, type BuildSeen } from './observe/parse-build.js';
import { buildsPath } from './paths.js';

/** What the API server has of one build, read live. */
export interface BuildObjects {
  readonly owner: OwnerSeen;
  /** The latest Build. */
  readonly build?: BuildSeen;
  /** That Build's pod. */
  readonly pod?: PodState;
}

/** A build's objects; undefined where it has no owner. */
export async function readBuild(
  api: ApiServer,
  namespace: string,
  ref: ClusterRef,
): Promise<BuildObjects | undefined> {
  const owner = await readOwner(api, namespace, ref);
  if (owner === undefined) return undefined;
  const build = latestBuild(owner, await listBuilds(api, namespace, ref));
  if (build === undefined) return { owner };
  // What went well, or on request, needs no pod to tell.
  if (build.phase === 'Complete' || build.phase === 'Cancelled') return { owner, build };
  const object = await orMissing(api.get(podsPath(namespace, build.podName)));
  const pod = parsePodState(object, BUILD_CONTAINER);
  return pod === undefined ? { owner, build } : { owner, build, pod };
}

/** The Builds of a build, in no order. */
export async function listBuilds(
  api: ApiServer,
  namespace: string,
  ref: ClusterRef,
): Promise<BuildSeen[]> {
  const query = { labelSelector: podsOf(ref) };
  const list = asObject(await api.get(buildsPath(namespace), { query }));
  return asArray(list['items']).flatMap((object) => parseBuild(object) ?? []);
}
