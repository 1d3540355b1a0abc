import type { ApiServer } from '../../shared/cluster/kubernetes/api/api-server.js';
import { listAndWatch } from '../../shared/cluster/kubernetes/api/list-and-watch.js';
import { podsPath } from '../../shared/cluster/kubernetes/paths.js';
import type { PodTemplates } from './pod-templates.js';

const NAMESPACE = 'default';
const LABEL = 'bench=plain-driver';
const PHASE = /"phase":"(?:Succeeded|Failed)"/;

/** The least that carries out a build's pod and then a run's: makes them, watches them end, removes them. */
export interface PlainDriver {
  /** Resolves once both pods of one item have ended. */
  runItem(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts its watch; its pods are made after the templates. */
export async function startPlainDriver(
  api: ApiServer,
  templates: PodTemplates,
): Promise<PlainDriver> {
  const ending = new AbortController();
  const waiting = new Map<string, () => void>();
  let ready: (() => void) | undefined;
  const listed = new Promise<void>((resolve) => (ready = resolve));
  const watching = (async () => {
    const options = { path: podsPath(NAMESPACE), labelSelector: LABEL, signal: ending.signal };
    for await (const event of listAndWatch(api, options)) {
      if (event.type === 'listed') ready?.();
      else if (event.type === 'present' && PHASE.test(JSON.stringify(event.object.raw))) {
        waiting.get(event.object.metadata.name)?.();
        waiting.delete(event.object.metadata.name);
      }
    }
  })();
  await listed;
  const runPod = async (name: string, template: PodTemplates['build']): Promise<void> => {
    const ended = new Promise<void>((resolve) => waiting.set(name, resolve));
    const { annotations, spec } = template;
    const metadata = { name, labels: { bench: 'plain-driver' }, annotations };
    await api.create(podsPath(NAMESPACE), { apiVersion: 'v1', kind: 'Pod', metadata, spec });
    await ended;
  };
  return {
    async runItem(name) {
      const parts = ['build', 'run'] as const;
      for (const part of parts) await runPod(`${name}-${part}`, templates[part]);
      await Promise.all(parts.map((part) => api.remove(podsPath(NAMESPACE, `${name}-${part}`))));
    },
    async close() {
      ending.abort();
      await watching;
    },
  };
}
