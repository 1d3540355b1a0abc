import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiServer } from '../../../../shared/cluster/kubernetes/api/api-server.js';

/** What tests look at of a pod. */
export interface PodShown {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly nodeName?: string };
  readonly status: { readonly phase: string };
}

/** The pods of a build or job, as kubectl shows them; in no hurry, as it is asked again and again. */
export async function listPods(api: ApiServer, namespace: string, id: string): Promise<PodShown[]> {
  await sleep(100);
  const query = { labelSelector: `amun.io/id=${id}` };
  const list = await api.get(`/api/v1/namespaces/${namespace}/pods`, { query });
  return (list as { items: PodShown[] }).items;
}
