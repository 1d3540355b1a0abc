import { AmunError, isAmunError } from '../../../errors/amun-error.js';
import type { ApiServer } from '../api/api-server.js';
import { Queues } from './queues.js';

/**
 * What is wrong with the queues of Kueue that builds and runs are to wait in, with what mends it;
 * undefined where they are there, or where nobody lets us look.
 */
export async function findQueueProblem(
  api: ApiServer,
  namespace: string,
  names: readonly (string | undefined)[],
): Promise<string | undefined> {
  const wanted = new Set(names.filter((name) => name !== undefined));
  if (wanted.size === 0) return undefined;
  const queues = new Queues(api, namespace);
  let path: string;
  try {
    path = await queues.pathOf('localqueues');
  } catch (error) {
    if (!isAmunError(error, 'NotFound')) return passing(error);
    return `AMUN_KUEUE_QUEUE names a queue of Kueue, and ${api.url} does not serve kueue.x-k8s.io. Install Kueue (https://kueue.sigs.k8s.io/docs/installation/), or unset AMUN_KUEUE_QUEUE and AMUN_KUEUE_BUILD_QUEUE.`;
  }
  for (const name of wanted) {
    try {
      await api.get(`${path}/${encodeURIComponent(name)}`);
    } catch (error) {
      if (!isAmunError(error, 'NotFound')) return passing(error);
      return `Namespace ${namespace} has no LocalQueue ${name}. Make one, or name another in AMUN_KUEUE_QUEUE or AMUN_KUEUE_BUILD_QUEUE: kubectl get localqueues --namespace ${namespace}`;
    }
  }
  return undefined;
}

/** Who may not look at queues may still fill them. */
function passing(error: unknown): string | undefined {
  if (!(error instanceof AmunError)) throw error;
  return error.code === 'Forbidden' ? undefined : error.message;
}
