import { AmunError } from '../../errors/amun-error.js';
import type { ApiServer } from '../kubernetes/api/api-server.js';
import { ClusterView } from '../kubernetes/cluster-view.js';
import { CommonMaps } from '../kubernetes/common-maps.js';
import { endPods } from '../kubernetes/end-pods.js';
import { EndedPods } from '../kubernetes/ended-pods.js';
import { Queues } from '../kubernetes/kueue/queues.js';
import { makeMissing, makeObjects, type PodMaker } from '../kubernetes/make-pods.js';
import type { Refusal } from '../kubernetes/manifests/owner.js';
import { runPod } from '../kubernetes/manifests/run-pod.js';
import { packJob } from '../kubernetes/manifests/stored-request.js';
import { isId, requireId } from '../kubernetes/names.js';
import { Nodes } from '../kubernetes/nodes.js';
import { observeLive, type Observer } from '../kubernetes/observe-live.js';
import type { RunOptions } from '../kubernetes/options.js';
import { removeOwner, removePodAndOwner } from '../kubernetes/owners.js';
import { readPodLog } from '../kubernetes/read-pod-log.js';
import { watchCluster } from '../kubernetes/watch-cluster.js';
import type { Cluster, JobRequest } from '../port.js';
import { cancelBuild } from './cancel-build.js';
import { checkOpenShift } from './check-openshift.js';
import { Images } from './images.js';
import { makeBuild, startAgain, type BuildMaker } from './make-build.js';
import { packBuild } from './manifests/pack-build.js';
import { mergeWatches } from './merge-watches.js';
import { observeBuild } from './observe/observe-build.js';
import { buildPlacement, type OpenShiftOptions } from './options.js';
import { readBuildLog } from './read-build-log.js';
import { readBuild } from './read-builds.js';
import { watchBuilds } from './watch-builds.js';

/**
 * Builds and jobs on OpenShift: a build is a BuildConfig that pushes to an ImageStream, a job is what
 * it is on Kubernetes. Keeps no state but what spares it reads, so any number of processes may use it.
 */
export function createOpenShiftCluster(api: ApiServer, options: OpenShiftOptions): Cluster {
  const { namespace, runs, operator, schedulingTimeoutSeconds } = options;
  const nodes = new Nodes(api);
  const builds = buildPlacement(options);
  const view = new ClusterView({ builds, runs, schedulingTimeoutSeconds }, nodes, noImage);
  const ended = new EndedPods();
  const observer: Observer = { api, namespace, view, queues: new Queues(api, namespace), ended };
  const images = new Images(api, namespace, options.imageSeconds);
  const maker: BuildMaker = { api, options, nodes };
  // OpenShift's own credentials for its registry are the account's, which a list of ours would replace.
  const runOptions: RunOptions = { namespace, runs, operator, pullSecrets: [] };
  const pods: PodMaker = {
    namespace,
    common: new CommonMaps(api, namespace),
    pod(stored, ownerUid, item, attempt) {
      if (stored.kind === 'build') throw new AmunError('Internal', `${stored.id} is no job.`);
      return runPod(runOptions, stored, ownerUid, item, attempt);
    },
  };

  const refuse = async ({ image }: JobRequest): Promise<Refusal | undefined> => {
    if (images.isOwn(image) && (await images.has(image))) return undefined;
    const message = images.isOwn(image)
      ? `The ImageStream of ${image} is gone.`
      : `${image} is no image of this cluster.`;
    return { reason: 'ImageNotFound', message };
  };

  const observe = async (id: string) => {
    const objects = await readBuild(api, namespace, { kind: 'build', id });
    if (objects === undefined) return undefined;
    const { owner, build, pod } = objects;
    const viewpoint = await view.viewpoint(owner, pod === undefined ? [] : [pod]);
    return observeBuild(owner, build, pod, viewpoint);
  };

  return {
    async ensureBuild(request) {
      requireId(request.id);
      await makeBuild(maker, packBuild(operator, request));
    },
    async ensureJob(request) {
      requireId(request.id);
      await makeObjects(api, pods, packJob(options, request), await refuse(request));
    },
    async resume(ref) {
      if (!isId(ref.id)) return;
      if (ref.kind === 'job') await makeMissing(api, pods, ref);
      else if ((await observe(ref.id))?.stalled === true) await startAgain(maker, ref);
    },
    observeBuild: observe,
    async observeJob(id) {
      const seen = await observeLive(observer, { kind: 'job', id });
      return seen?.kind === 'job' ? seen.observation : undefined;
    },
    logs: (target, logOptions = {}) =>
      'build' in target
        ? readBuildLog(api, namespace, target.build, logOptions)
        : readPodLog(api, namespace, target, logOptions, ended),
    // Apart from each other: runs end also while OpenShift's own API server is away.
    watch: (signal) =>
      mergeWatches(
        (each) => [
          watchBuilds(api, namespace, view, each),
          watchCluster(api, namespace, view, each, 'job'),
        ],
        signal,
      ),
    whyUnschedulable: (kind, requests) => view.whyUnschedulable(kind, requests),
    hasImage: (image) => images.has(image),
    cancel: (ref) =>
      ref.kind === 'build' ? cancelBuild(api, namespace, ref) : endPods(api, namespace, ref),
    async collected(ref) {
      if (!isId(ref.id)) return;
      if (ref.kind === 'job') return removePodAndOwner(api, namespace, ref);
      await removeOwner(api, namespace, ref);
      await images.sweep();
    },
    check: () => checkOpenShift(api, namespace, [runs.queue]),
  };
}

/** Pods of ours build nothing here. */
function noImage(digest: string): never {
  throw new AmunError('Internal', `Nobody knows the registry of ${digest}.`);
}
