import { homedir } from 'node:os';
import path from 'node:path';
import { readText, type Environment } from './read-variable.js';

/** What surroundings say about the Kubernetes API server. */
export interface KubernetesEnvironment {
  /** Paths that KUBECONFIG names; undefined where it is unset. */
  readonly kubeconfig: readonly string[] | undefined;
  /** Where kubectl looks without KUBECONFIG. */
  readonly defaultKubeconfig: string;
  /** KUBERNETES_SERVICE_HOST and _PORT, which every container in a pod has. */
  readonly service: { readonly host: string; readonly port: string } | undefined;
}

/** Reads where the Kubernetes API server is. */
export function loadKubernetesEnvironment(
  environment: Environment = process.env,
): KubernetesEnvironment {
  const paths = (readText(environment, 'KUBECONFIG') ?? '').split(path.delimiter).filter(Boolean);
  const host = readText(environment, 'KUBERNETES_SERVICE_HOST');
  return {
    kubeconfig: paths.length > 0 ? paths : undefined,
    defaultKubeconfig: path.join(homedir(), '.kube', 'config'),
    service:
      (host && {
        host,
        port: readText(environment, 'KUBERNETES_SERVICE_PORT') ?? '443',
      }) ||
      undefined,
  };
}
