import type { ApiServer } from '../kubernetes/api/api-server.js';
import type { ClusterView } from '../kubernetes/cluster-view.js';
import { LABEL_KIND, OURS } from '../kubernetes/names.js';
import type { OwnerSeen } from '../kubernetes/observe/parse-owner.js';
import { podsPath } from '../kubernetes/paths.js';
import { watchedOwners, watchPictures, type WatchedKind } from '../kubernetes/watch-cluster.js';
import type { WatchEvent } from '../port.js';
import { POD_BUILD_NAME } from './names.js';
import { latestBuild, observeBuild } from './observe/observe-build.js';
import {
  parseBuild,
  parseBuildPod,
  type BuildPodSeen,
  type BuildSeen,
} from './observe/parse-build.js';
import { buildsPath } from './paths.js';

type Part = BuildSeen | BuildPodSeen;

const OUR_BUILDS = `${OURS},${LABEL_KIND}=build`;

/**
 * Builds as they change. Their pods are watched too, those of other people's Builds among them: only
 * a pod tells why it waits, and how it ended.
 */
export function watchBuilds(
  api: ApiServer,
  namespace: string,
  view: ClusterView,
  signal: AbortSignal,
): AsyncIterable<WatchEvent> {
  const builds: WatchedKind<Part> = {
    path: buildsPath(namespace),
    labelSelector: OUR_BUILDS,
    parse(object) {
      const build = parseBuild(object);
      return build && { ref: build.ref, name: `build/${build.name}`, part: build };
    },
  };
  const pods: WatchedKind<Part> = {
    path: podsPath(namespace),
    labelSelector: POD_BUILD_NAME,
    parse(object) {
      const seen = parseBuildPod(object);
      return seen && { ref: seen.ref, name: `pod/${seen.pod.name}`, part: seen };
    },
  };
  const kinds = [watchedOwners(namespace, OUR_BUILDS), builds, pods];
  return watchPictures(api, kinds, (owner, parts) => observe(view, owner, parts), signal);
}

async function observe(view: ClusterView, owner: OwnerSeen, parts: readonly Part[]) {
  const build = latestBuild(
    owner,
    parts.filter((part) => 'number' in part),
  );
  const pods = parts.filter((part) => 'pod' in part);
  const pod = pods.find((seen) => seen.buildName === build?.name)?.pod;
  const viewpoint = await view.viewpoint(owner, pod === undefined ? [] : [pod]);
  const observation = observeBuild(owner, build, pod, viewpoint);
  return { kind: 'build' as const, observation };
}
