import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { ApiServer } from '../../../../../shared/cluster/kubernetes/api/api-server.js';
import { connectApiServer } from '../../../../../shared/cluster/kubernetes/api/connect-api-server.js';

/** A context with a cluster and a user of the same name. */
export interface Entry {
  readonly server: string;
  readonly cluster?: object;
  readonly user?: object;
  readonly namespace?: string;
}

/** Writes a kubeconfig; resolves to its path. */
export async function writeKubeconfig(
  target: string,
  entries: Readonly<Record<string, Entry>>,
  current?: string,
): Promise<string> {
  const names = Object.entries(entries);
  const config = {
    ...{ apiVersion: 'v1', kind: 'Config' },
    clusters: names.map(([name, { server, cluster }]) => ({
      name,
      cluster: { server, ...cluster },
    })),
    users: names.flatMap(([name, { user }]) => (user === undefined ? [] : [{ name, user }])),
    contexts: names.map(([name, { user, namespace }]) => ({
      name,
      context: { cluster: name, ...(user && { user: name }), ...(namespace && { namespace }) },
    })),
    ...(current === undefined ? {} : { 'current-context': current }),
  };
  await writeFile(target, stringify(config));
  return target;
}

/** Connects as these kubeconfig files say. */
export async function connectBy(
  kubeconfig: readonly string[],
  context?: string,
): Promise<ApiServer> {
  const environment = { kubeconfig, defaultKubeconfig: '/nowhere', service: undefined };
  return await connectApiServer({ environment, context });
}
