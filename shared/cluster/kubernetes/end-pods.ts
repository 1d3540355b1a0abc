import { mapBounded } from '../../concurrency/map-bounded.js';
import type { ClusterRef } from '../port.js';
import type { ApiServer } from './api/api-server.js';
import { ANNOTATION_CANCELLED } from './names.js';
import type { PodSeen } from './observe/parse-pod.js';
import { configMapsPath, podsPath } from './paths.js';
import { listPods, orMissing, readOwner } from './read-objects.js';

const CONCURRENCY = 20;
/** The shortest that the API server accepts; it counts from the pod's start. */
const NOW_SECONDS = 1;

/**
 * Cancels a build or job: notes it, so that no pod is made any more, then ends the pods. One that
 * runs gets a deadline that is over: the node stops it as at any deadline, and its log stays, which
 * deleting it would lose.
 */
export async function endPods(api: ApiServer, namespace: string, ref: ClusterRef): Promise<void> {
  if ((await readOwner(api, namespace, ref)) === undefined) return;
  await orMissing(
    api.patch(configMapsPath(namespace, ref.id), {
      metadata: { annotations: { [ANNOTATION_CANCELLED]: 'true' } },
    }),
  );
  await mapBounded(await listPods(api, namespace, ref), CONCURRENCY, (pod) =>
    endPod(api, namespace, pod),
  );
}

async function endPod(api: ApiServer, namespace: string, pod: PodSeen): Promise<void> {
  const path = podsPath(namespace, pod.name);
  if (pod.phase === 'Succeeded' || pod.phase === 'Failed') return;
  if (pod.node === undefined) {
    await orMissing(api.remove(path));
    return;
  }
  await orMissing(api.patch(path, { spec: { activeDeadlineSeconds: NOW_SECONDS } }));
}
