import type { ClusterRef } from '../port.js';
import type { ApiServer } from './api/api-server.js';
import type { ClusterView, Seen } from './cluster-view.js';
import type { EndedPods } from './ended-pods.js';
import type { Queues } from './kueue/queues.js';
import { readObjects } from './read-objects.js';

/** With what pods are looked at. */
export interface Observer {
  readonly api: ApiServer;
  readonly namespace: string;
  readonly view: ClusterView;
  readonly queues: Queues;
  /** Takes those that have ended. */
  readonly ended: EndedPods;
}

/** What the API server shows now of what pods carry out; undefined where there is no owner. */
export async function observeLive(
  { api, namespace, view, queues, ended }: Observer,
  ref: ClusterRef,
): Promise<Seen | undefined> {
  const objects = await readObjects(api, namespace, ref);
  if (objects === undefined) return undefined;
  const { owner, pods } = objects;
  const seen = await view.observe(owner, pods, await queues.explain(pods));
  ended.note(objects, seen);
  return seen;
}
