import {
  describeWithKubectl,
  OVERLAYS,
  podSpec,
  render,
  workloads,
  type Manifest,
  type Rule,
} from './kustomize.js';

/** By account: "namespace: resource: verbs", or "*: …" where it holds in the whole cluster. */
const OBJECTS = ['configmaps', 'pods'];
const STARTER = allow(OBJECTS, 'create delete get list patch', 'pods/log: get');
const READER = allow(OBJECTS, 'get list', 'pods/log: get', 'workloads.kueue.x-k8s.io: list');
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'amun-submit': [...STARTER, '*: nodes: list'],
  'amun-on-build-complete': STARTER,
  'amun-on-job-complete': STARTER,
  'amun-status': READER,
  'amun-watcher': allow(OBJECTS, 'get list watch', 'localqueues.kueue.x-k8s.io: get'),
};

describeWithKubectl()('rights', () => {
  it.each(OVERLAYS)('are the documented ones and no others: %s', (overlay) => {
    const manifests = render(`deploy/${overlay}`);
    const found = rightsByAccount(manifests);
    const home = overlay === 'openfaas' ? 'openfaas-fn' : 'amun';
    const core = Object.entries(EXPECTED).map(([name, rights]) => [
      `${name === 'amun-watcher' ? 'amun' : home}/${name}`,
      [...rights].sort(),
    ]);
    const isCore = (right: string): boolean => !right.includes('openshift');
    expect(
      Object.fromEntries(
        [...found].map(([account, rights]) => [account, rights.filter(isCore).sort()]),
      ),
    ).toEqual(
      Object.fromEntries([
        ...core,
        ...(overlay === 'openshift' ? [['amun-inspections/default', []]] : []),
      ]),
    );
    // Accounts that are bound to something exist, and no others.
    const accounts = manifests
      .filter(({ kind }) => kind === 'ServiceAccount')
      .map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`);
    const own = [...found.keys()].filter((account) => !account.endsWith('/default'));
    expect(accounts.sort()).toEqual(own.sort());
  });

  it('let only those change builds on OpenShift who may start them', () => {
    const found = rightsByAccount(render('deploy/openshift'));
    const changes = [...found].filter(([, rights]) =>
      rights.some((right) => /openshift.*(create|patch|update|delete)/.test(right)),
    );
    expect(changes.map(([account]) => account).sort()).toEqual([
      'amun/amun-on-build-complete',
      'amun/amun-on-job-complete',
      'amun/amun-submit',
    ]);
    expect(found.get('amun-inspections/default')).toEqual([
      'amun-inspections: ClusterRole system:openshift:scc:nonroot-v2',
    ]);
  });

  it.each(OVERLAYS)('come with a token only where there are any: %s', (overlay) => {
    const manifests = render(`deploy/${overlay}`);
    const bound = rightsByAccount(manifests);
    for (const each of workloads(manifests)) {
      const { serviceAccountName, automountServiceAccountToken } = podSpec(each);
      if (serviceAccountName === undefined) expect(automountServiceAccountToken).toBe(false);
      else expect([...bound.keys()]).toContain(`amun/${serviceAccountName}`);
    }
  });
});

function allow(resources: readonly string[], verbs: string, ...others: string[]): string[] {
  const rights = [...resources.map((resource) => `${resource}: ${verbs}`), ...others];
  return rights.map((right) => `amun-inspections: ${right}`);
}

function rightsByAccount(manifests: readonly Manifest[]): Map<string, string[]> {
  const rights = new Map<string, string[]>();
  for (const binding of manifests.filter(({ roleRef }) => roleRef !== undefined)) {
    const { kind, name } = binding.roleRef!;
    const where = binding.metadata.namespace ?? '*';
    const role = manifests.find((each) => each.kind === kind && each.metadata.name === name);
    const described = role?.rules?.flatMap(describeRule) ?? [`${kind} ${name}`];
    for (const subject of binding.subjects ?? []) {
      if (subject.kind !== 'ServiceAccount') continue;
      const account = `${subject.namespace}/${subject.name}`;
      const before = rights.get(account) ?? [];
      rights.set(account, [...before, ...described.map((right) => `${where}: ${right}`)]);
    }
  }
  return rights;
}

function describeRule({ apiGroups, resources, verbs }: Rule): string[] {
  return apiGroups.flatMap((group) =>
    resources.map((resource) => {
      const name = group === '' ? resource : `${resource}.${group}`;
      return `${name}: ${[...verbs].sort().join(' ')}`;
    }),
  );
}
