import { AmunError } from '../errors/amun-error.js';
import { readQueues } from './kueue-config.js';
import { readList, readNumber, readPairs, readText, type Environment } from './read-variable.js';

/** A taint that pods are to put up with. */
export interface TolerationConfig {
  readonly key: string;
  readonly value?: string;
  readonly effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** Where builds or runs may go. */
export interface PlacementConfig {
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly TolerationConfig[];
  readonly annotations: Readonly<Record<string, string>>;
  /** Kueue's LocalQueue that pods wait in. */
  readonly queue?: string;
}

/** Settings of the clusters `kubernetes` and `openshift`. */
export interface KubernetesConfig {
  /** Of the kubeconfig; undefined: its current one. */
  readonly context: string | undefined;
  /** Of builds and runs; undefined: that of the credentials. */
  readonly namespace: string | undefined;
  /** Repository that builds push to: "registry.example.com/amun". */
  readonly registry: string | undefined;
  readonly registrySecret: string | undefined;
  readonly insecureRegistries: readonly string[];
  readonly pullSecrets: readonly string[];
  readonly builderImage: string;
  readonly builds: PlacementConfig;
  readonly runs: PlacementConfig;
  readonly schedulingTimeoutSeconds: number;
}

/** BuildKit's own image for use without privileges. */
const BUILDER_IMAGE = 'docker.io/moby/buildkit:buildx-stable-1-rootless';
const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

/** Reads what concerns Kubernetes; throws InvalidRequest naming the variable. */
export function loadKubernetesConfig(environment: Environment): KubernetesConfig {
  const queues = readQueues(environment);
  return {
    context: readText(environment, 'AMUN_KUBE_CONTEXT'),
    namespace: readText(environment, 'AMUN_NAMESPACE'),
    registry: readRegistry(environment),
    registrySecret: readText(environment, 'AMUN_REGISTRY_SECRET'),
    insecureRegistries: readList(environment, 'AMUN_INSECURE_REGISTRIES'),
    pullSecrets: readList(environment, 'AMUN_PULL_SECRETS'),
    builderImage: readText(environment, 'AMUN_BUILDER_IMAGE') ?? BUILDER_IMAGE,
    builds: {
      nodeSelector: readPairs(environment, 'AMUN_BUILD_NODE_SELECTOR', 'VALUE'),
      tolerations: readTolerations(environment, 'AMUN_BUILD_TOLERATIONS'),
      annotations: readPairs(environment, 'AMUN_BUILD_ANNOTATIONS', 'VALUE'),
      ...(queues.builds === undefined ? {} : { queue: queues.builds }),
    },
    runs: {
      nodeSelector: readPairs(environment, 'AMUN_RUN_NODE_SELECTOR', 'VALUE'),
      tolerations: readTolerations(environment, 'AMUN_RUN_TOLERATIONS'),
      annotations: readPairs(environment, 'AMUN_RUN_ANNOTATIONS', 'VALUE'),
      ...(queues.runs === undefined ? {} : { queue: queues.runs }),
    },
    schedulingTimeoutSeconds: readNumber(environment, 'AMUN_SCHEDULING_TIMEOUT_SECONDS', 0, {
      min: 0,
    }),
  };
}

function readRegistry(environment: Environment): string | undefined {
  const registry = readText(environment, 'AMUN_REGISTRY');
  if (registry === undefined || /^[a-z0-9.-]+(?::\d+)?(?:\/[a-z0-9._-]+)+$/.test(registry)) {
    return registry;
  }
  throw new AmunError(
    'InvalidRequest',
    `AMUN_REGISTRY is "${registry}"; write host[:port]/repository, for example "registry.example.com/amun".`,
  );
}

/** "KEY[=VALUE][:EFFECT],…", as kubectl writes taints. */
function readTolerations(environment: Environment, name: string): TolerationConfig[] {
  return readList(environment, name).map((entry) => {
    const [, key, value, effectText] = /^([^=:]+)(?:=([^:]*))?(?::(.+))?$/.exec(entry) ?? [];
    const effect = EFFECTS.find((known) => known === effectText);
    if (key === undefined || (effectText !== undefined && effect === undefined)) {
      const allowed = EFFECTS.join(', ');
      throw new AmunError(
        'InvalidRequest',
        `${name}: "${entry}" is not KEY[=VALUE][:EFFECT]; effects are ${allowed}.`,
      );
    }
    return {
      key,
      ...(value === undefined ? {} : { value }),
      ...(effect === undefined ? {} : { effect }),
    };
  });
}
