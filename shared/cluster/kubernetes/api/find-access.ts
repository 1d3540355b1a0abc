import type { KubernetesEnvironment } from '../../../config/kubernetes-environment.js';
import type { Access } from './access.js';
import { kubeconfigAccess } from './kubeconfig-access.js';
import { podAccess } from './pod-access.js';

/**
 * The way to the API server: what was asked for by name (a context, KUBECONFIG), the pod's own, or
 * kubectl's default. Throws InvalidRequest where there is none.
 */
export async function findAccess(
  environment: KubernetesEnvironment,
  context: string | undefined,
): Promise<Access> {
  const { kubeconfig, defaultKubeconfig, service } = environment;
  if (kubeconfig !== undefined) return await kubeconfigAccess(kubeconfig, context);
  const inPod = context === undefined ? await podAccess(service) : undefined;
  return inPod ?? (await kubeconfigAccess([defaultKubeconfig], context));
}
