import type { ApiServer } from '../cluster/kubernetes/api/api-server.js';
import { connectApiServer } from '../cluster/kubernetes/api/connect-api-server.js';
import { createKubernetesCluster } from '../cluster/kubernetes/create-kubernetes-cluster.js';
import type { KubernetesOptions } from '../cluster/kubernetes/options.js';
import type { Cluster } from '../cluster/port.js';
import type { Config } from '../config/config.js';
import { AmunError } from '../errors/amun-error.js';
import { operatorOptions } from './operator-options.js';

/** The Kubernetes that is configured. */
export async function openKubernetesCluster(config: Config): Promise<Cluster> {
  const api = await connectApiServer({ context: config.kubernetes.context });
  return createKubernetesCluster(api, kubernetesOptions(config, api));
}

function kubernetesOptions({ kubernetes, operator }: Config, api: ApiServer): KubernetesOptions {
  const { registry, registrySecret, builderImage, insecureRegistries } = kubernetes;
  if (registry === undefined) {
    throw new AmunError(
      'InvalidRequest',
      'AMUN_REGISTRY is not set; write the repository that builds are to push to, for example "registry.example.com/amun".',
    );
  }
  return {
    namespace: kubernetes.namespace ?? api.namespace ?? 'default',
    builder: {
      image: builderImage,
      repository: registry,
      insecureRegistries,
      ...(registrySecret === undefined ? {} : { registrySecret }),
    },
    builds: kubernetes.builds,
    runs: kubernetes.runs,
    pullSecrets: kubernetes.pullSecrets,
    schedulingTimeoutSeconds: kubernetes.schedulingTimeoutSeconds,
    operator: operatorOptions(operator),
  };
}
