import { createLocalCluster } from '../cluster/local/create-local-cluster.js';
import type { Cluster } from '../cluster/port.js';
import type { Config } from '../config/config.js';
import { localClusterOptions } from './local-cluster-options.js';

/** The cluster that is configured. */
export async function openCluster(config: Config): Promise<Cluster> {
  if (config.cluster === 'local') return createLocalCluster(localClusterOptions(config));
  // Loaded where it is used only: it would cost every other process memory and time to start.
  if (config.cluster === 'openshift') {
    const { openOpenShiftCluster } = await import('./openshift-cluster.js');
    return openOpenShiftCluster(config);
  }
  const { openKubernetesCluster } = await import('./kubernetes-cluster.js');
  return openKubernetesCluster(config);
}
