import { buildPod } from '../../shared/cluster/kubernetes/manifests/build-pod.js';
import { runPod } from '../../shared/cluster/kubernetes/manifests/run-pod.js';
import type { KubernetesOptions } from '../../shared/cluster/kubernetes/options.js';

const OPTIONS: KubernetesOptions = {
  namespace: 'amun-inspections',
  builder: {
    image: 'docker.io/moby/buildkit:rootless',
    repository: 'registry.example/amun',
    registrySecret: 'registry',
    insecureRegistries: [],
  },
  builds: { nodeSelector: {}, tolerations: [], annotations: {} },
  runs: { nodeSelector: {}, tolerations: [], annotations: {} },
  pullSecrets: [],
  operator: { environment: {} },
  schedulingTimeoutSeconds: 0,
};
const REQUESTS = { cpu: '1', memory: '1Gi', hardware: {} };

/** Of every build or run. */
const SHARED = { key: 'content', path: '/amun/hwinfo', mode: 0o555, map: 'amun-file-1' };

/** The pod of a build, as Amun makes it; it may go into any namespace. */
export function aBuildPod(): object {
  const build = {
    ...({
      kind: 'build',
      id: 'build-1',
      files: [{ ...SHARED, path: 'step.sh' }],
      bundle: SHARED.map,
    } as const),
    ...{ requests: REQUESTS, timeoutSeconds: 60 },
  };
  return withoutHome(buildPod(OPTIONS, build, 'a-uid', 0));
}

/** The pod of a run, likewise. */
export function aRunPod(): object {
  const job = {
    ...({ kind: 'job', id: 'inspection-1', batchSize: 1 } as const),
    image: 'registry.example/amun@sha256:0',
    files: [{ key: 'script', path: '/amun/script', mode: 0o555 }, SHARED],
    init: ['/amun/hwinfo'],
    command: ['/amun/script'],
    environment: [],
    requests: REQUESTS,
    timeoutSeconds: 60,
  };
  return withoutHome(runPod(OPTIONS, job, 'a-uid', 0, 0));
}

function withoutHome(pod: { metadata?: { namespace?: string } }): object {
  delete pod.metadata?.namespace;
  return pod;
}

/** The same pod with something else at a path: setAt(pod, "spec.hostNetwork", true). */
export function setAt(pod: object, path: string, value: unknown): object {
  const copy = structuredClone(pod);
  const keys = path.split('.');
  const last = keys.pop()!;
  let place = copy as Record<string, unknown>;
  for (const key of keys) place = place[key] as Record<string, unknown>;
  place[last] = value;
  return copy;
}
