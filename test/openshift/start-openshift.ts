import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiServer } from '../../shared/cluster/kubernetes/api/api-server.js';
import { createApiServer } from '../../shared/cluster/kubernetes/api/create-api-server.js';
import { findAccess } from '../../shared/cluster/kubernetes/api/find-access.js';
import type { Realkube } from '../realkube.js';
import { waitUntil } from '../wait-until.js';
import type { BuildPodOptions } from './build-pod.js';
import { Controllers } from './controllers.js';
import { openShiftCrds } from './crds.js';
import { startFront, type FrontSettings } from './front.js';
import { find, pathOf } from './objects.js';

/** A Kubernetes that behaves like OpenShift where builds are concerned. */
export interface OpenShift {
  /** Of a kubeconfig whose server does. */
  readonly kubeconfig: string;
  /** The Kubernetes API server itself. */
  readonly api: ApiServer;
  readonly settings: FrontSettings;
  readonly controllers: Controllers;
  /** The service account without which nothing is built. */
  makeBuilder(): Promise<void>;
  stop(): Promise<void>;
}

export interface OpenShiftStandInOptions extends BuildPodOptions {
  readonly namespace: string;
}

/** Makes one of a Kubernetes, for one namespace. */
export async function startOpenShift(
  realkube: Realkube,
  options: OpenShiftStandInOptions,
): Promise<OpenShift> {
  const environment = {
    kubeconfig: [realkube.kubeconfig],
    defaultKubeconfig: realkube.kubeconfig,
    service: undefined,
  };
  const { namespace, registry } = options;
  const access = await findAccess(environment, undefined);
  const api = createApiServer(access, 30_000);
  const crds = { apiVersion: 'v1', kind: 'List', items: openShiftCrds() };
  await realkube.kubectl(['apply', '-f', '-'], JSON.stringify(crds));
  for (const kind of ['buildconfigs', 'builds', 'imagestreams'] as const) {
    await waitUntil(() => api.get(pathOf(kind, namespace)).then(Boolean, () => false));
  }
  const makeBuilder = async (): Promise<void> => {
    if ((await find(api, pathOf('serviceaccounts', namespace, 'builder'))) !== undefined) return;
    await api.create(pathOf('serviceaccounts', namespace), { metadata: { name: 'builder' } });
  };
  await makeBuilder();
  const settings: FrontSettings = { isAway: false, forbidsDocker: false, registry };
  const front = await startFront(access, api, settings);
  const controllers = new Controllers({ api, options }, namespace);
  controllers.start();
  const kubeconfig = join(realkube.dir, 'openshift-kubeconfig');
  await writeFile(kubeconfig, JSON.stringify(kubeconfigOf(front.url, namespace)));
  return {
    ...{ kubeconfig, api, settings, controllers, makeBuilder },
    async stop() {
      await controllers.stop();
      await front.stop();
      api.close();
    },
  };
}

function kubeconfigOf(server: string, namespace: string): object {
  const name = 'openshift';
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: {} }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
  };
}
