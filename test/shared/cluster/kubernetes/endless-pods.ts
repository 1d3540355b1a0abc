import type { ApiServer } from '../../../../shared/cluster/kubernetes/api/api-server.js';

/** Annotations of pods that run until `letEnd`: nothing that a test does to them comes too late. */
export const FOREVER = { 'realkube/run-ms': 'forever' };

/** Ends such a pod well: a simulated node goes by what its pods say now. */
export async function letEnd(api: ApiServer, namespace: string, name: string): Promise<void> {
  const annotations = { 'realkube/run-ms': '0' };
  await api.patch(`/api/v1/namespaces/${namespace}/pods/${name}`, { metadata: { annotations } });
}
