import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiServer } from '../../../../shared/cluster/kubernetes/api/api-server.js';
import type { Realkube } from '../../../realkube.js';
import { OF_INSPECTIONS } from '../../../of-inspections.js';
import { waitUntil } from '../../../wait-until.js';
import { connectWith, type ApiServerUnderTest } from './api/use-api-server.js';
import { createNamespace } from './create-namespace.js';
import { FOREVER, letEnd } from './endless-pods.js';
import { listPods } from './list-pods.js';
import { playStack, simulated, type PlayedStack } from './played-stack.js';

/** How inspections end that the cluster lets nobody carry out. */
export function describeRefusals(kubernetes: ApiServerUnderTest): void {
  let count = 0;
  let namespace: string;
  let stack: PlayedStack;
  let api: ApiServer | undefined;

  beforeEach(async () => {
    count += 1;
    namespace = `refusing-${count}`;
    await createNamespace(kubernetes.realkube, namespace);
  });
  afterEach(async () => {
    await stack.stop();
    api?.close();
    api = undefined;
  });

  const setQuota = async (hard: Record<string, string>) => {
    const path = `/api/v1/namespaces/${namespace}/resourcequotas`;
    const metadata = { name: 'small' };
    const kind = { apiVersion: 'v1', kind: 'ResourceQuota' };
    await kubernetes.api.create(path, { ...kind, metadata, spec: { hard } });
    await waitUntil(async () =>
      JSON.stringify(await kubernetes.api.get(`${path}/small`)).includes('"used"'),
    );
  };
  const nothingIsLeft = async () => {
    const paths = ['pods', 'configmaps'].map((kind) => `/api/v1/namespaces/${namespace}/${kind}`);
    const query = { labelSelector: OF_INSPECTIONS };
    const lists = await Promise.all(paths.map((path) => kubernetes.api.get(path, { query })));
    return lists.every((list) => (list as { items: unknown[] }).items.length === 0);
  };

  it('waits where a quota has no room now, and says so', async () => {
    await setQuota({ pods: '2' });
    stack = playStack(kubernetes.api, simulated(namespace, FOREVER));
    const id = await stack.submit({ batch_size: 3 });
    const { cluster } = stack.ports;
    await waitUntil(async () =>
      /exceeded quota: small.*limited: pods=2/.test((await cluster.observeJob(id))?.message ?? ''),
    );
    // Room for the third comes with the end of the others.
    await waitUntil(async () => {
      const pods = await listPods(kubernetes.api, namespace, id);
      for (const { metadata } of pods) await letEnd(kubernetes.api, namespace, metadata.name);
      return pods.length === 3;
    });
    const record = await stack.ended(id);
    expect(record).toMatchObject({ phase: 'succeeded' });
    expect(record.job!.runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  });

  it('ends where a quota has never room, in the cluster’s words', async () => {
    await setQuota({ 'requests.memory': '300Mi' });
    stack = playStack(kubernetes.api, simulated(namespace));
    const requests = { memory: '1Gi' };
    const building = await stack.submit({ build: { requests } });
    const small = { requests: { memory: '64Mi', cpu: '100m' } };
    const running = await stack.submit({ base: 'debian:12', build: small, run: { requests } });
    for (const id of [building, running]) {
      const { phase, reason, message } = await stack.ended(id);
      expect({ phase, reason }).toEqual({ phase: 'failed', reason: 'ClusterError' });
      expect(message).toMatch(/exceeded quota: small.*limited: requests\.memory=300Mi/);
    }
    await waitUntil(nothingIsLeft);
  });

  it('ends where a verb is forbidden, in the cluster’s words', async () => {
    const verbs = ['get', 'list', 'watch', 'create', 'patch', 'delete'];
    api = await connectAs(kubernetes.realkube, namespace, [
      { resources: ['configmaps'], verbs },
      { resources: ['pods'], verbs: verbs.filter((verb) => verb !== 'create') },
    ]);
    stack = playStack(api, simulated(namespace));
    const { phase, reason, message } = await stack.ended(await stack.submit());
    expect({ phase, reason }).toEqual({ phase: 'failed', reason: 'ClusterError' });
    expect(message).toMatch(
      /pods is forbidden: User "system:serviceaccount:.*" cannot create resource "pods"/,
    );
    await waitUntil(nothingIsLeft);
  });

  it('ends where Pod Security forbids what runs need', async () => {
    const label = 'pod-security.kubernetes.io/enforce=baseline';
    await kubernetes.realkube.kubectl(['label', 'namespace', namespace, label]);
    stack = playStack(kubernetes.api, simulated(namespace));
    const { phase, message } = await stack.ended(await stack.submit());
    expect(phase).toBe('failed');
    expect(message).toMatch(/violates PodSecurity "baseline:latest"/);
    await waitUntil(nothingIsLeft);
  });
}

interface Rule {
  readonly resources: string[];
  readonly verbs: string[];
}

/** A connection as a service account that may do so much in the namespace. */
async function connectAs(realkube: Realkube, namespace: string, rules: Rule[]): Promise<ApiServer> {
  const rbac = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    metadata: { name: 'amun', namespace },
  };
  const apiGroup = 'rbac.authorization.k8s.io';
  const objects = [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'amun', namespace } },
    { ...rbac, kind: 'Role', rules: rules.map((rule) => ({ apiGroups: [''], ...rule })) },
    {
      ...rbac,
      kind: 'RoleBinding',
      roleRef: { apiGroup, kind: 'Role', name: 'amun' },
      subjects: [{ kind: 'ServiceAccount', name: 'amun', namespace }],
    },
  ];
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  await realkube.kubectl(['create', '-f', '-'], JSON.stringify(list));
  const token = (await realkube.kubectl(['create', 'token', '-n', namespace, 'amun'])).trim();
  const config = JSON.parse(await realkube.kubectl(['config', 'view', '--raw', '-o', 'json'])) as {
    users: { user: object }[];
  };
  config.users[0]!.user = { token };
  const file = join(realkube.dir, `kubeconfig-${namespace}`);
  await writeFile(file, JSON.stringify(config));
  return connectWith(file);
}
