import { jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterRef } from '../../../../shared/cluster/port.js';
import { build, buildEnd, buildRequest } from '../../../contract/cluster/test-cluster.js';
import { find, pathOf, type Thing } from '../../../openshift/objects.js';
import { requireRealkube } from '../../../realkube.js';
import { waitUntil } from '../../../wait-until.js';
import { NAMESPACE } from './openshift-cluster.js';
import { DIGEST, fails, RUNS, SUCCEEDS } from './simulated-cluster.js';
import { useSimulatedCluster } from './use-simulated-cluster.js';

jest.setTimeout(600_000);

const PUSH_FAILS = fails('error: failed to push image: Push image still failed due to error: no');
const BASE = 'registry.example.com/base:1';

requireRealkube()('builds on OpenShift that meet trouble', () => {
  const used = useSimulatedCluster();

  afterEach(() => jest.restoreAllMocks());

  const untilStalled = async ({ id }: { readonly id: string }): Promise<ClusterRef> => {
    await waitUntil(async () => (await used.opened.cluster.observeBuild(id))?.stalled === true);
    return { kind: 'build', id };
  };

  it('builds again where the push failed, once, however many ask', async () => {
    used.opened.behave(PUSH_FAILS, SUCCEEDS);
    const { cluster } = used.opened;
    const request = buildRequest(BASE, []);
    await cluster.ensureBuild(request);
    const ref = await untilStalled(request);
    await Promise.all([1, 2, 3].map(() => cluster.resume(ref)));
    expect((await buildEnd(cluster, request.id)).image).toContain(DIGEST);
    expect(await used.opened.versionOf(request.id)).toBe(2);
    await cluster.resume(ref);
    expect(await used.opened.versionOf(request.id)).toBe(2);
  });

  it('gives up where the push fails again', async () => {
    used.opened.behave(PUSH_FAILS);
    const request = buildRequest(BASE, []);
    await used.opened.cluster.ensureBuild(request);
    await used.opened.cluster.resume(await untilStalled(request));
    expect(await buildEnd(used.opened.cluster, request.id)).toMatchObject({
      reason: 'ClusterError',
      message: 'error: failed to push image: Push image still failed due to error: no',
    });
  });

  it('builds again where the pod, or the Build itself, was deleted', async () => {
    used.opened.behave(RUNS, RUNS, SUCCEEDS);
    const { cluster, openshift } = used.opened;
    const request = buildRequest(BASE, []);
    const { id } = request;
    await cluster.ensureBuild(request);
    const runs = async (): Promise<boolean> =>
      (await cluster.observeBuild(id))?.state === 'running';
    await waitUntil(runs);
    await openshift.api.remove(pathOf('pods', NAMESPACE, `${id}-1-build`));
    const ref = await untilStalled(request);
    await cluster.resume(ref);
    await waitUntil(runs);
    await openshift.api.remove(pathOf('builds', NAMESPACE, `${id}-1`));
    await openshift.api.remove(pathOf('builds', NAMESPACE, `${id}-2`));
    await untilStalled(request);
    await cluster.resume(ref);
    expect((await buildEnd(cluster, id)).image).toContain(DIGEST);
    expect(await used.opened.versionOf(id)).toBe(3);
  });

  it('waits for the account of a new namespace, with its own calls too', async () => {
    used.opened.behave(PUSH_FAILS, SUCCEEDS);
    const { cluster, openshift, api } = used.opened;
    const account = pathOf('serviceaccounts', NAMESPACE, 'builder');
    await openshift.api.remove(account);
    const request = buildRequest(BASE, []);
    await cluster.ensureBuild(request);
    await sleep(700);
    expect(await used.opened.versionOf(request.id)).toBeUndefined();
    await openshift.makeBuilder();
    const ref = await untilStalled(request);
    await openshift.api.remove(account);
    const { calls, results } = jest.spyOn(api, 'create').mock;
    const resumed = cluster.resume(ref);
    const asked = () => calls.findIndex(([path]) => path.endsWith('/instantiate'));
    await waitUntil(() => asked() >= 0);
    await expect(results[asked()]?.value).rejects.toThrow('"builder" not found');
    await openshift.makeBuilder();
    await resumed;
    expect((await buildEnd(cluster, request.id)).image).toContain(DIGEST);
  });

  it("ends where OpenShift's own builder cannot be had, of which a Build says nothing", async () => {
    used.opened.behave({ 'realkube/image-pull-error': 'builder: manifest unknown' });
    const seen = await build(used.opened.cluster, buildRequest(BASE, []));
    expect(seen).toMatchObject({ state: 'terminated', reason: 'ClusterError' });
    expect(seen.message).toContain('manifest unknown');
  });

  it('says what a Build waits for, and goes on once it is there', async () => {
    const { cluster, openshift } = used.opened;
    const { controllers, api } = openshift;
    controllers.isPaused = true;
    const request = buildRequest(BASE, []);
    await cluster.ensureBuild(request);
    const path = pathOf('imagestreams', NAMESPACE, request.id);
    const stream = (await find<Thing & { status: object }>(api, path))!;
    await api.remove(path);
    controllers.isPaused = false;
    const saysSo = async (words: string): Promise<boolean> =>
      (await cluster.observeBuild(request.id))?.message?.includes(words) === true;
    await waitUntil(() => saysSo('InvalidOutputReference: Output image could not be resolved.'));
    const { metadata, ...rest } = stream;
    const { name, namespace } = metadata;
    const again = { ...rest, metadata: { name, namespace } };
    await api.create(pathOf('imagestreams', NAMESPACE), again);
    expect((await buildEnd(cluster, request.id)).image).toContain(DIGEST);
  });

  it('says which ConfigMap is missing', async () => {
    const { cluster, openshift } = used.opened;
    openshift.controllers.isPaused = true;
    const request = buildRequest(BASE, []);
    const files = [...request.context.files, { path: 'a/b/c', content: 'x', mode: 0o644 }];
    await cluster.ensureBuild({ ...request, context: { files } });
    const folder = `${request.id}-folder-0`;
    await openshift.api.remove(pathOf('configmaps', NAMESPACE, folder));
    openshift.controllers.isPaused = false;
    await waitUntil(
      async () =>
        (await cluster.observeBuild(request.id))?.message ===
        `GenericBuildFailed: These resources do not exist: ConfigMaps [${folder}]`,
    );
  });

  it('leaves nothing behind of what OpenShift refuses for good', async () => {
    const { cluster, openshift } = used.opened;
    const request = buildRequest(BASE, []);
    openshift.settings.forbidsDocker = true;
    await expect(cluster.ensureBuild(request)).rejects.toMatchObject({
      code: 'Forbidden',
      message: expect.stringContaining('system:build-strategy-docker') as string,
    });
    openshift.settings.forbidsDocker = false;
    openshift.settings.registry = undefined;
    await expect(cluster.ensureBuild(request)).rejects.toMatchObject({
      code: 'InvalidRequest',
      message: expect.stringContaining('no internal image registry') as string,
    });
    await used.opened.waitUntilGone('configmaps', request.id);
    await used.opened.waitUntilGone('imagestreams', request.id);
    expect(await cluster.observeBuild(request.id)).toBeUndefined();
  });
});
