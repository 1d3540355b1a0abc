/** A node that refuses pods which do not tolerate this; as in a pod's specification. */
export interface Toleration {
  readonly key: string;
  readonly value?: string;
  readonly effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** Where pods may go, by the operator's word: a specification cannot say so. */
export interface Placement {
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
  /** For whatever else looks at pods there: service meshes, autoscalers, admission. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Kueue's LocalQueue that pods wait in; undefined: they do not wait. */
  readonly queue?: string;
}

/** How builds are made and where images are kept. */
export interface BuilderOptions {
  /** The image with rootless BuildKit. */
  readonly image: string;
  /** Repository that builds push to: "registry.example.com/amun". */
  readonly repository: string;
  /** Name of a Secret of type kubernetes.io/dockerconfigjson for pulls and pushes. */
  readonly registrySecret?: string;
  /** Registries, "host:port", that are spoken to in plain HTTP. */
  readonly insecureRegistries: readonly string[];
}

/** What the operator's network needs; reaches builds and runs, and never an image. */
export interface OperatorOptions {
  /** PEM certificates. */
  readonly caBundle?: string;
  /** HTTP_PROXY, HTTPS_PROXY, NO_PROXY, PIP_INDEX_URL, those that are set. */
  readonly environment: Readonly<Record<string, string>>;
}

/** How runs are carried out. */
export interface RunOptions {
  /** Of builds and runs. */
  readonly namespace: string;
  readonly runs: Placement;
  /** Names of Secrets with which the nodes pull the images of runs. */
  readonly pullSecrets: readonly string[];
  readonly operator: OperatorOptions;
}

/** How this cluster carries out builds and runs. */
export interface KubernetesOptions extends RunOptions {
  readonly builder: BuilderOptions;
  readonly builds: Placement;
  /** Names of Secrets with which the nodes pull images; runs have the builder's besides. */
  readonly pullSecrets: readonly string[];
  /** How long a pod that no node fits may wait for one (an autoscaler may bring it), seconds. */
  readonly schedulingTimeoutSeconds: number;
}

/** How runs pull what builds have pushed. */
export function runOptions(options: KubernetesOptions): RunOptions {
  const { builder, pullSecrets } = options;
  const own = builder.registrySecret === undefined ? [] : [builder.registrySecret];
  return { ...options, pullSecrets: [...own, ...pullSecrets] };
}
