import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNamespace } from '../shared/cluster/kubernetes/create-namespace.js';
import { requireRealkube, startRealkube, type Realkube } from '../realkube.js';
import { waitUntil } from '../wait-until.js';
import { OVERLAYS, parseManifests, podSpec, workloads, type Manifest } from './kustomize.js';
import { aBuildPod, aRunPod, setAt } from './pods.js';

/** What a plain Kubernetes lacks of what the overlay for OpenShift has. */
const OPENSHIFT = [
  ['route.openshift.io', 'Route', 'routes'],
  ['build.openshift.io', 'BuildConfig', 'buildconfigs'],
  ['image.openshift.io', 'ImageStream', 'imagestreams'],
] as const;

/** The command of the documentation that makes site/. */
const [MAKE_SITE = ''] =
  /^mkdir site[^]*?\nEND$/m.exec(readFileSync('docs/deploy-kubernetes.md', 'utf8')) ?? [];

/** A volume's source that is a token of the API server. */
const TOKEN = { serviceAccountToken: { path: 'token' } };
const CONTAINER = 'spec.containers.0';
const SECURITY = `${CONTAINER}.securityContext`;

requireRealkube()('what deploy/ has, on a real API server', () => {
  let kube: Realkube;
  let folder: string;
  const create = (pod: object, namespace: string): Promise<string> =>
    kube.kubectl(['create', '--dry-run=server', '-n', namespace, '-f', '-'], JSON.stringify(pod));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'amun-deploy-'));
    await cp('deploy', join(folder, 'deploy'), { recursive: true });
    const env = { ...process.env, REGISTRY: 'registry.example/team' };
    execFileSync('sh', ['-euc', MAKE_SITE], { cwd: folder, env });
    kube = await startRealkube();
    await createNamespace(kube, 'openfaas-fn');
    for (const [group, kind, plural] of OPENSHIFT) {
      await kube.kubectl(['apply', '-f', '-'], JSON.stringify(definition(group, kind, plural)));
      const established = ['--for=condition=Established', '--timeout=120s'];
      await kube.kubectl(['wait', ...established, `crd/${plural}.${group}`]);
    }
    await createNamespace(kube, 'amun-images');
    await kube.kubectl(['apply', '-k', join(folder, 'site')]);
  }, 300_000);
  afterAll(async () => {
    await kube.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is the site that the documentation describes', async () => {
    const images = '{.items[*].spec.template.spec.containers[*].image}';
    const found = await kube.kubectl(['-n', 'amun', 'get', 'deploy', '-o', `jsonpath=${images}`]);
    expect(new Set(found.split(' '))).toEqual(new Set(['registry.example/team/amun:0.1.0']));
    const settings = await kube.kubectl(['-n', 'amun', 'get', 'configmap', '-o', 'yaml']);
    expect(settings).toContain('AMUN_REGISTRY: registry.example/team/amun-inspections\n');
    expect(settings).toContain('AMUN_REGISTRY_SECRET: registry\n');
    // Every pod is made, though there is no node: nothing was refused.
    await waitUntil(async () => {
      const pods = await kube.kubectl(['-n', 'amun', 'get', 'pods', '-o', 'name']);
      return pods.trim().split('\n').length === 15;
    });
  });

  it.each([...OVERLAYS, 'components/registry'])('is accepted: %s', async (name) => {
    const applied = await kube.kubectl(['kustomize', join(folder, 'deploy', name)]).catch(() => '');
    // A component is no configuration of its own; its resources are.
    const text = applied === '' ? registryManifests() : applied;
    await kube.kubectl(['apply', '--dry-run=server', '--validate=strict', '-f', '-'], text);
    for (const each of workloads(parseManifests(text))) {
      await create(aPodOf(each), each.metadata.namespace!);
    }
  });

  it('gives everybody the rights that the documentation lists', async () => {
    const may = async (account: string, verb: string, what: string): Promise<boolean> => {
      const [resource = '', subresource = ''] = what.split('/');
      const who = `--as=system:serviceaccount:${account}`;
      const question = ['can-i', verb, resource, `--subresource=${subresource}`];
      const asked = kube.kubectl(['auth', ...question, '-n', 'amun-inspections', who]);
      return await asked.then(
        () => true,
        () => false,
      );
    };
    expect(await may('amun:amun-submit', 'create', 'pods')).toBe(true);
    expect(await may('amun:amun-submit', 'list', 'nodes')).toBe(true);
    expect(await may('amun:amun-on-job-complete', 'get', 'pods/log')).toBe(true);
    expect(await may('amun:amun-watcher', 'watch', 'configmaps')).toBe(true);
    expect(await may('amun:amun-on-job-complete', 'list', 'nodes')).toBe(false);
    expect(await may('amun:amun-submit', 'create', 'pods/exec')).toBe(false);
    expect(await may('amun:amun-submit', 'get', 'secrets')).toBe(false);
    expect(await may('amun:amun-status', 'delete', 'pods')).toBe(false);
    expect(await may('amun:amun-watcher', 'patch', 'pods')).toBe(false);
    expect(await may('amun:default', 'get', 'pods')).toBe(false);
    expect(await may('amun-inspections:default', 'get', 'pods')).toBe(false);
  });

  it('needs of Pod Security what the documentation says', async () => {
    for (const level of ['privileged', 'baseline', 'restricted']) {
      await createNamespace(kube, level);
      const label = `pod-security.kubernetes.io/enforce=${level}`;
      await kube.kubectl(['label', 'namespace', level, label]);
      await create(aRunPod(), level);
    }
    const context = 'spec.securityContext';
    const withProfiles = setAt(aBuildPod(), `${context}.seccompProfile`, undefined);
    const withNodesProfiles = setAt(withProfiles, `${context}.appArmorProfile`, undefined);
    await create(aBuildPod(), 'privileged');
    await expect(create(aBuildPod(), 'baseline')).rejects.toThrow(/seccompProfile/);
    await create(withNodesProfiles, 'baseline');
    await expect(create(withNodesProfiles, 'restricted')).rejects.toThrow(/SETGID.*SETUID/);
  });

  describe('guards builds and runs', () => {
    beforeAll(async () => {
      // A policy holds a moment after it was made.
      const forbidden = setAt(aRunPod(), 'spec.hostPID', true);
      await waitUntil(() =>
        create(forbidden, 'amun-inspections').then(
          () => false,
          (error: unknown) => String(error).includes('amun-pod-guard'),
        ),
      );
    });

    it('and admits those that Amun makes', async () => {
      await create(aBuildPod(), 'amun-inspections');
      await create(aRunPod(), 'amun-inspections');
    });

    it.each([
      ['spec.hostNetwork', true],
      ['spec.hostPID', true],
      ['spec.hostIPC', true],
      [`${CONTAINER}.ports`, [{ containerPort: 80, hostPort: 80 }]],
      ['spec.volumes.0', { name: 'context', hostPath: { path: '/' } }],
      ['spec.volumes.0', { name: 'context', persistentVolumeClaim: { claimName: 'x' } }],
      ['spec.volumes.0', { name: 'context', projected: { sources: [TOKEN] } }],
      ['spec.automountServiceAccountToken', true],
      ['spec.securityContext.runAsUser', 0],
      ['spec.securityContext.runAsNonRoot', false],
      [`${SECURITY}.runAsUser`, 0],
      [`${SECURITY}.runAsNonRoot`, false],
      [`${SECURITY}.privileged`, true],
      [`${SECURITY}.capabilities`, { drop: ['ALL'], add: ['SYS_ADMIN'] }],
      [`${SECURITY}.capabilities`, { add: ['SETUID'] }],
      ['metadata.labels', { 'amun.io/kind': 'job' }],
    ])('and no build with %s %j', async (path, value) => {
      await expect(create(setAt(aBuildPod(), path, value), 'amun-inspections')).rejects.toThrow(
        /amun-pod-guard/,
      );
    });

    it.each([
      ['spec.securityContext.seccompProfile', { type: 'Unconfined' }],
      [`${SECURITY}.seccompProfile`, { type: 'Unconfined' }],
      [`${SECURITY}.allowPrivilegeEscalation`, true],
      [`${SECURITY}.capabilities`, { drop: ['ALL'], add: ['SETUID'] }],
      ['spec.initContainers.0.securityContext', {}],
    ])('and no run with %s %j', async (path, value) => {
      await expect(create(setAt(aRunPod(), path, value), 'amun-inspections')).rejects.toThrow(
        /amun-pod-guard/,
      );
    });
  });

  /** As its controller would make it. */
  function aPodOf(workload: Manifest): object {
    const claimed = workload.spec?.volumeClaimTemplates ?? [];
    const template = podSpec(workload);
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: workload.metadata.name },
      spec: {
        ...template,
        volumes: [
          ...(template.volumes ?? []),
          ...claimed.map(({ metadata: { name } }) => ({ name, emptyDir: {} })),
        ],
        // Others are made by the overlay itself, which was not applied.
        serviceAccountName: 'default',
      },
    };
  }

  function registryManifests(): string {
    return readFileSync(join(folder, 'deploy/components/registry/registry.yaml'), 'utf8');
  }
});

/** A kind that takes anything. */
function definition(group: string, kind: string, plural: string): object {
  const openAPIV3Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind, plural },
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}
