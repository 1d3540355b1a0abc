import type { Cluster, JobRequest } from '../port.js';
import type { ApiServer } from './api/api-server.js';
import { checkKubernetes } from './check-kubernetes.js';
import { ClusterView } from './cluster-view.js';
import { CommonMaps } from './common-maps.js';
import { endPods } from './end-pods.js';
import { EndedPods } from './ended-pods.js';
import { makeMissing, makeObjects, type PodMaker } from './make-pods.js';
import { Queues } from './kueue/queues.js';
import { buildPod } from './manifests/build-pod.js';
import type { Refusal } from './manifests/owner.js';
import { runPod } from './manifests/run-pod.js';
import { packBuild, packJob } from './manifests/stored-request.js';
import { isId, requireId } from './names.js';
import { Nodes } from './nodes.js';
import { observeLive, type Observer } from './observe-live.js';
import { runOptions, type KubernetesOptions } from './options.js';
import { removePodAndOwner } from './owners.js';
import { readPodLog } from './read-pod-log.js';
import { isInRegistry, isOwnImage } from './registry.js';
import { watchCluster } from './watch-cluster.js';

/**
 * Builds and jobs on Kubernetes: each is a ConfigMap that holds the request and owns the pods that
 * carry it out. Keeps no state but what spares it reads, so any number of processes may use it.
 */
export function createKubernetesCluster(api: ApiServer, options: KubernetesOptions): Cluster {
  const { namespace, builder } = options;
  const { repository } = builder;
  const view = new ClusterView(options, new Nodes(api), (digest) => `${repository}@${digest}`);
  const ended = new EndedPods();
  const observer: Observer = { api, namespace, view, queues: new Queues(api, namespace), ended };
  const runs = runOptions(options);
  const maker: PodMaker = {
    namespace,
    common: new CommonMaps(api, namespace),
    pod: (stored, ownerUid, item, attempt) =>
      stored.kind === 'build'
        ? buildPod(options, stored, ownerUid, attempt)
        : runPod(runs, stored, ownerUid, item, attempt),
  };

  const refuse = (request: JobRequest): Refusal | undefined =>
    isOwnImage(builder, request.image)
      ? undefined
      : { reason: 'ImageNotFound', message: `${request.image} is no image of this cluster.` };

  return {
    async ensureBuild(request) {
      requireId(request.id);
      await makeObjects(api, maker, packBuild(options, request));
    },
    async ensureJob(request) {
      requireId(request.id);
      await makeObjects(api, maker, packJob(options, request), refuse(request));
    },
    async resume(ref) {
      if (isId(ref.id)) await makeMissing(api, maker, ref);
    },
    async observeBuild(id) {
      const seen = await observeLive(observer, { kind: 'build', id });
      return seen?.kind === 'build' ? seen.observation : undefined;
    },
    async observeJob(id) {
      const seen = await observeLive(observer, { kind: 'job', id });
      return seen?.kind === 'job' ? seen.observation : undefined;
    },
    logs: (target, logOptions = {}) => readPodLog(api, namespace, target, logOptions, ended),
    watch: (signal) => watchCluster(api, namespace, view, signal),
    whyUnschedulable: (kind, requests) => view.whyUnschedulable(kind, requests),
    hasImage: (image) => isInRegistry(builder, image),
    cancel: (ref) => endPods(api, namespace, ref),
    async collected(ref) {
      if (isId(ref.id)) await removePodAndOwner(api, namespace, ref);
    },
    check: () => checkKubernetes(api, namespace, [options.builds.queue, options.runs.queue]),
  };
}
