import { AmunError, isAmunError } from '../../errors/amun-error.js';
import { asObject } from '../../json/read-json.js';
import type { ClusterHealth } from '../port.js';
import type { ApiServer } from './api/api-server.js';
import { findQueueProblem } from './kueue/check-queues.js';
import { asText } from './read-fields.js';
import { configMapsPath, namespacePath, podsPath } from './paths.js';

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
    const problem = (await hasNamespace(api, namespace))
      ? await findQueueProblem(api, namespace, queues)
      : `There is no such namespace; make it, for example: kubectl create namespace ${namespace}`;
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

/** True as well where we may not look. A list of what is in no namespace is empty, and no error. */
async function hasNamespace(api: ApiServer, namespace: string): Promise<boolean> {
  try {
    await api.get(namespacePath(namespace), { metadataOnly: true });
    return true;
  } catch (error) {
    if (isAmunError(error, 'NotFound')) return false;
    if (isAmunError(error, 'Forbidden')) return true;
    throw error;
  }
}

function adviceFor(error: AmunError, namespace: string): string {
  if (error.code !== 'Forbidden') return error.message;
  return `${error.message} Allow it, for example: kubectl create rolebinding amun --clusterrole edit --user USER --namespace ${namespace}`;
}
