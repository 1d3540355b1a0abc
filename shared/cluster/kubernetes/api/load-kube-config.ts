import type { KubeConfig } from '@kubernetes/client-node';

/** What of @kubernetes/client-node reads kubeconfig files; loaded where there is one. */
export async function loadKubeConfig(): Promise<typeof KubeConfig> {
  return (await import('./kube-config.js')).KubeConfig;
}
