import type { V1Pod } from '@kubernetes/client-node';
import { ADMISSION_GATE, LABEL_QUEUE } from '../kueue/names.js';

/**
 * The pod as one that waits in Kueue's queue of that name, or as it is where there is none. Kueue would
 * set the gate itself; where it does not look after this namespace, the pod is not to run past it.
 */
export function queuePod(queue: string | undefined, pod: V1Pod): V1Pod {
  if (queue === undefined) return pod;
  const { metadata, spec } = pod;
  return {
    ...pod,
    metadata: { ...metadata, labels: { ...metadata?.labels, [LABEL_QUEUE]: queue } },
    spec: {
      ...spec,
      containers: spec?.containers ?? [],
      schedulingGates: [{ name: ADMISSION_GATE }],
    },
  };
}
