import { AmunError, isAmunError } from '../../errors/amun-error.js';
import type { ApiServer } from '../kubernetes/api/api-server.js';
import { checkKubernetes } from '../kubernetes/check-kubernetes.js';
import type { ClusterHealth } from '../port.js';
import { BUILD_API, buildConfigsPath, buildsPath, imageStreamsPath } from './paths.js';

/** Throws InvalidRequest where the API server is not OpenShift's: it serves no build.openshift.io. */
export async function requireOpenShift(api: ApiServer): Promise<void> {
  try {
    await api.get(BUILD_API);
  } catch (error) {
    if (!isAmunError(error, 'NotFound')) throw error;
    throw new AmunError(
      'InvalidRequest',
      `${api.url} is no OpenShift: it does not serve build.openshift.io. Set AMUN_CLUSTER=kubernetes, or name another context (AMUN_KUBE_CONTEXT).`,
      { cause: error },
    );
  }
}

/**
 * Whether OpenShift answers and lets us see builds and runs in the namespace.
 *
 * @param queues names of Kueue's queues that have to be there
 */
export async function checkOpenShift(
  api: ApiServer,
  namespace: string,
  queues: readonly (string | undefined)[] = [],
): Promise<ClusterHealth> {
  const health = await checkKubernetes(api, namespace, queues);
  const description = health.description.replace(/^Kubernetes/, 'OpenShift on Kubernetes');
  if (!health.ready) return { ...health, description };
  try {
    await requireOpenShift(api);
    const query = { limit: 1 };
    await Promise.all(
      [buildConfigsPath, buildsPath, imageStreamsPath].map((path) =>
        api.get(path(namespace), { query }),
      ),
    );
    return { description, ready: true };
  } catch (error) {
    if (!(error instanceof AmunError)) throw error;
    const advice =
      error.code === 'Forbidden'
        ? ` Allow it, for example: oc adm policy add-role-to-user edit USER -n ${namespace}`
        : '';
    return { description, ready: false, problem: `${error.message}${advice}` };
  }
}
