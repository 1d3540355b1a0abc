import type { BuildObservation, JobObservation } from '../../inspection/observation.js';
import type { Requests } from '../../inspection/specification.js';
import type { ClusterRef } from '../port.js';
import { observeBuild, observeJob, type Viewpoint } from './observe/observe-owner.js';
import { BUILDER_MEMORY_BYTES } from './manifests/builder-memory.js';
import type { OwnerSeen } from './observe/parse-owner.js';
import type { PodSeen, PodState } from './observe/parse-pod.js';
import type { Nodes } from './nodes.js';
import type { KubernetesOptions } from './options.js';
import { whyUnschedulable } from './why-unschedulable.js';

/** How long a node may fail to get an image, or to make a container, before that is the end. */
const PATIENCE_MS = 10 * 60_000;

/** What was seen of a build or job. */
export type Seen =
  | { readonly kind: 'build'; readonly observation: BuildObservation }
  | { readonly kind: 'job'; readonly observation: JobObservation };

/** What a view takes of the options. */
type ViewOptions = Pick<KubernetesOptions, 'builds' | 'runs' | 'schedulingTimeoutSeconds'>;

/** Turns objects into observations; asks for the nodes only where a pod finds none. */
export class ClusterView {
  /**
   * @param imageOf the image that a build pushed, by the digest that its pod reports
   */
  constructor(
    private readonly options: ViewOptions,
    private readonly nodes: Nodes,
    private readonly imageOf: (digest: string) => string,
  ) {}

  /** @param queueSays what Kueue says of a pod that waits for it, where it was asked */
  async observe(owner: OwnerSeen, pods: readonly PodSeen[], queueSays?: string): Promise<Seen> {
    const view = { ...(await this.viewpoint(owner, pods)), queueSays };
    return owner.ref.kind === 'build'
      ? { kind: 'build', observation: observeBuild(owner, pods, view) }
      : { kind: 'job', observation: observeJob(owner, pods, view) };
  }

  /** From where the pods of a build or job are looked at, now. */
  async viewpoint(owner: OwnerSeen, pods: readonly PodState[]): Promise<Viewpoint> {
    return {
      now: Date.now(),
      patienceMs: PATIENCE_MS,
      schedulingMs: this.options.schedulingTimeoutSeconds * 1000,
      unschedulable: await this.explainUnscheduled(owner, pods),
      imageOf: this.imageOf,
    };
  }

  /** What the port is to say: where nodes may come by themselves, nobody can say never. */
  async whyUnschedulable(
    kind: ClusterRef['kind'],
    requests: Requests,
  ): Promise<string | undefined> {
    return this.options.schedulingTimeoutSeconds > 0 ? undefined : this.whyNever(kind, requests);
  }

  /** Why no node can ever take a build's or a run's pods; undefined where one can, or nobody knows. */
  private async whyNever(
    kind: ClusterRef['kind'],
    requests: Requests,
  ): Promise<string | undefined> {
    const nodes = await this.nodes.list();
    if (nodes === undefined) return undefined;
    const { builds, runs } = this.options;
    return kind === 'build'
      ? whyUnschedulable(requests, builds, nodes, BUILDER_MEMORY_BYTES)
      : whyUnschedulable(requests, runs, nodes);
  }

  private async explainUnscheduled(
    owner: OwnerSeen,
    pods: readonly PodState[],
  ): Promise<string | undefined> {
    const { requests, ref } = owner;
    const isUnscheduled = pods.some((pod) => pod.unscheduled !== undefined);
    if (!isUnscheduled || requests === undefined) return undefined;
    // Where the nodes cannot be read now, it waits a little longer.
    return this.whyNever(ref.kind, requests).catch(() => undefined);
  }
}
