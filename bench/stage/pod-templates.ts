import type { ApiServer } from '../../shared/cluster/kubernetes/api/api-server.js';
import { listAndWatch } from '../../shared/cluster/kubernetes/api/list-and-watch.js';
import { LABEL_KIND, OURS } from '../../shared/cluster/kubernetes/names.js';
import { podsPath } from '../../shared/cluster/kubernetes/paths.js';

/** A pod without its name, its owner and its node. */
export interface PodTemplate {
  readonly annotations: object;
  readonly spec: object;
}

/** The pods that carry out one inspection. */
export interface PodTemplates {
  readonly build: PodTemplate;
  readonly run: PodTemplate;
}

interface Pod {
  readonly metadata: { readonly annotations: object; readonly labels: Record<string, string> };
  readonly spec: object;
}

/** Learns the pods of an inspection from the API server while `inspect` carries one out. */
export async function learnPods(
  api: ApiServer,
  inspect: () => Promise<unknown>,
): Promise<PodTemplates> {
  const ending = new AbortController();
  const { signal } = ending;
  const seen = new Map<string | undefined, PodTemplate>();
  const watching = (async () => {
    for await (const event of listAndWatch(api, {
      path: podsPath('default'),
      labelSelector: OURS,
      signal,
    })) {
      if (event.type !== 'present') continue;
      const { metadata, spec } = event.object.raw as Pod;
      const { annotations } = metadata;
      seen.set(metadata.labels[LABEL_KIND], {
        annotations,
        spec: { ...spec, nodeName: undefined },
      });
    }
  })();
  try {
    await inspect();
  } finally {
    ending.abort();
    await watching;
  }
  const [build, run] = [seen.get('build'), seen.get('job')];
  if (build === undefined || run === undefined)
    throw new Error('No pods of an inspection were seen.');
  return { build, run };
}
