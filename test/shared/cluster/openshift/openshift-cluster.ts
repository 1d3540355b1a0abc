import type { ApiServer } from '../../../../shared/cluster/kubernetes/api/api-server.js';
import { connectApiServer } from '../../../../shared/cluster/kubernetes/api/connect-api-server.js';
import { createOpenShiftCluster } from '../../../../shared/cluster/openshift/create-openshift-cluster.js';
import type { OpenShiftOptions } from '../../../../shared/cluster/openshift/options.js';
import type { Cluster } from '../../../../shared/cluster/port.js';
import { startOpenShift, type OpenShift } from '../../../openshift/start-openshift.js';
import type { BuildPodOptions } from '../../../openshift/build-pod.js';
import type { Realkube } from '../../../realkube.js';

export const NAMESPACE = 'default';

export const OPTIONS: OpenShiftOptions = {
  namespace: NAMESPACE,
  buildNodeSelector: {},
  runs: { nodeSelector: {}, tolerations: [], annotations: {} },
  operator: { environment: {} },
  schedulingTimeoutSeconds: 0,
  imageSeconds: 3600,
};

/** The stand-in on a Kubernetes, and the adapter for it. */
export interface OpenShiftCluster {
  readonly openshift: OpenShift;
  /** As the adapter has it. */
  readonly api: ApiServer;
  readonly cluster: Cluster;
  stop(): Promise<void>;
}

/** Makes an OpenShift of a Kubernetes; ending it leaves the Kubernetes as it is. */
export async function openOpenShift(
  realkube: Realkube,
  pods: BuildPodOptions,
): Promise<OpenShiftCluster> {
  const openshift = await startOpenShift(realkube, { namespace: NAMESPACE, ...pods });
  const environment = {
    kubeconfig: [openshift.kubeconfig],
    defaultKubeconfig: openshift.kubeconfig,
    service: undefined,
  };
  const api = await connectApiServer({ environment });
  const cluster = createOpenShiftCluster(api, OPTIONS);
  return {
    ...{ openshift, api, cluster },
    async stop() {
      api.close();
      await openshift.stop();
    },
  };
}
