import type { Ports } from '../../shared/lifecycle/ports.js';

/**
 * Says at the start what is wrong with the cluster, and what mends it. It is no reason to end: what is
 * missing may come, and everything else goes on meanwhile.
 */
export async function reportCluster({
  cluster,
  log,
}: Pick<Ports, 'cluster' | 'log'>): Promise<void> {
  const { description, ready, problem } = await cluster.check();
  if (ready) log.info({ cluster: description }, 'the cluster is ready');
  else log.error({ cluster: description, problem }, 'the cluster is not ready');
}
