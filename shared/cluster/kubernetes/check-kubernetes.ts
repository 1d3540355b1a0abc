import { AmunError } from '../../errors/amun-error.js';
import { asObject } from '../../json/read-json.js';
import type { ClusterHealth } from '../port.js';
import type { ApiServer } from './api/api-server.js';
import { findQueueProblem } from './kueue/check-queues.js';
import { asText } from './read-fields.js';
import { configMapsPath, podsPath } from './paths.js';

/**
 * Whether the API server answers and lets us see builds and runs in the namespace.
 *
 * @param queues names of Kueue's queues that have to be there
 */
export async function checkKubernetes(
  api: ApiServer,
  namespace: string,
  queues: readonly (string | undefined)[] = [],
): Promise<ClusterHealth> {
  const place = `${api.url}, namespace ${namespace}`;
  try {
    const version = asText(asObject(await api.get('/version'))['gitVersion'], 64) ?? '(unknown)';
    const query = { limit: 1 };
    await Promise.all(
      [configMapsPath(namespace), podsPath(namespace)].map((path) => api.get(path, { query })),
    );
    const description = `Kubernetes ${version} at ${place}`;
    const problem = await findQueueProblem(api, namespace, queues);
    return problem === undefined
      ? { description, ready: true }
      : { description, ready: false, problem };
  } catch (error) {
    if (!(error instanceof AmunError)) throw error;
    return {
      description: `Kubernetes at ${place}`,
      ready: false,
      problem: adviceFor(error, namespace),
    };
  }
}

function adviceFor(error: AmunError, namespace: string): string {
  if (error.code !== 'Forbidden') return error.message;
  return `${error.message} Allow it, for example: kubectl create rolebinding amun --clusterrole edit --user USER --namespace ${namespace}`;
}
