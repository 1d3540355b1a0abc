import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiServer } from '../../shared/cluster/kubernetes/api/api-server.js';
import { isAmunError } from '../../shared/errors/amun-error.js';

const QUEUE = 'kueue.x-k8s.io/queue-name';
const MANAGED = 'kueue.x-k8s.io/managed';
const LOOK_EVERY_MS = 100;

/** What there is to know of a pod in a queue. */
export interface QueuedPod {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
  };
  readonly spec: { readonly nodeName?: string; readonly schedulingGates?: readonly object[] };
  readonly status: { readonly phase: string; readonly conditions?: readonly object[] };
}

/** Kueue as far as pods notice it; the test decides who is admitted and who has to go. */
export interface PlayedKueue {
  /** Pods that wait in the queue, in the order in which they came. */
  waiting(): Promise<QueuedPod[]>;
  pods(): Promise<QueuedPod[]>;
  admit(name: string): Promise<void>;
  preempt(name: string): Promise<void>;
  /** Leaves everything as it is, as one that has crashed. */
  stop(): Promise<void>;
}

/**
 * Looks after the pods of a namespace: marks those that are new (Kueue's webhook does so as they are
 * made), makes a Workload for each, and lets go of those that have ended.
 *
 * @param pending what Workloads say of why they wait
 */
export function playKueue(api: ApiServer, namespace: string, pending: string): PlayedKueue {
  const ending = new AbortController();
  const podsPath = `/api/v1/namespaces/${namespace}/pods`;
  const workloads = `/apis/kueue.x-k8s.io/v1beta2/namespaces/${namespace}/workloads`;

  const pods = async (): Promise<QueuedPod[]> => {
    const list = await api.get(podsPath, { query: { labelSelector: QUEUE } });
    const { items } = list as { items: QueuedPod[] };
    const order = ({ metadata }: QueuedPod) => `${metadata.creationTimestamp} ${metadata.name}`;
    return items.sort((one, other) => order(one).localeCompare(order(other)));
  };
  const isManaged = ({ metadata }: QueuedPod) => metadata.labels[MANAGED] === 'true';

  const takeCare = async (pod: QueuedPod): Promise<void> => {
    const { name, uid } = pod.metadata;
    const path = `${podsPath}/${name}`;
    const hasFinalizer = (pod.metadata.finalizers ?? []).includes(MANAGED);
    const isOver = ['Succeeded', 'Failed'].includes(pod.status.phase);
    if (isOver || pod.metadata.deletionTimestamp !== undefined) {
      if (hasFinalizer) await api.patch(path, { metadata: { finalizers: [] } });
    } else if (!isManaged(pod)) {
      const conditions = [{ type: 'QuotaReserved', status: 'False', message: pending }];
      await api.create(workloads, {
        ...{ apiVersion: 'kueue.x-k8s.io/v1beta2', kind: 'Workload', status: { conditions } },
        metadata: { name: `pod-${name}`, labels: { 'kueue.x-k8s.io/job-uid': uid } },
      });
      const metadata = { labels: { [MANAGED]: 'true' }, finalizers: [MANAGED] };
      await api.patch(path, { metadata });
    }
  };

  const work = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      for (const pod of await pods()) {
        await takeCare(pod).catch((error: unknown) => {
          if (!isAmunError(error)) throw error;
        });
      }
      await sleep(LOOK_EVERY_MS);
    }
  };
  const working = work();

  return {
    pods,
    async waiting() {
      const all = await pods();
      return all.filter((pod) => isManaged(pod) && (pod.spec.schedulingGates ?? []).length > 0);
    },
    async admit(name) {
      await api.patch(`${podsPath}/${name}`, { spec: { schedulingGates: [] } });
    },
    async preempt(name) {
      const path = `${podsPath}/${name}`;
      const { status } = (await api.get(path)) as QueuedPod;
      const condition = {
        ...{ type: 'TerminationTarget', status: 'True', reason: 'WorkloadEvictedDueToPreempted' },
        message: 'Preempted to accommodate a workload',
        lastTransitionTime: new Date().toISOString(),
      };
      const conditions = [...(status.conditions ?? []), condition];
      await api.patch(`${path}/status`, { status: { conditions } });
      await api.remove(path);
    },
    async stop() {
      ending.abort();
      await working;
    },
  };
}
