import { jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { createOpenShiftCluster } from '../../../../shared/cluster/openshift/create-openshift-cluster.js';
import type { Cluster } from '../../../../shared/cluster/port.js';
import {
  build,
  buildEnd,
  buildRequest,
  freshId,
  jobEnd,
  jobRequest,
} from '../../../contract/cluster/test-cluster.js';
import { startWatch } from '../../../contract/cluster/watch.js';
import { requireRealkube } from '../../../realkube.js';
import { waitUntil } from '../../../wait-until.js';
import { NAMESPACE, OPTIONS } from './openshift-cluster.js';
import { DIGEST, fails, REGISTRY, RUNS } from './simulated-cluster.js';
import { useSimulatedCluster } from './use-simulated-cluster.js';

jest.setTimeout(600_000);

const BASE = 'registry.example.com/base:1';

requireRealkube()('builds on OpenShift', () => {
  const used = useSimulatedCluster();
  const watches: ReturnType<typeof startWatch>[] = [];

  // Also where a test fails: a watch that goes on keeps this process.
  afterEach(async () => {
    await Promise.all(watches.splice(0).map((watch) => watch.end()));
  });

  const watched = async (cluster: Cluster) => {
    const watch = startWatch(cluster);
    watches.push(watch);
    await waitUntil(() => watch.events.some(({ kind }) => kind === 'synced'));
    return watch;
  };

  it('makes one Build, which OpenShift starts by itself', async () => {
    const { cluster } = used.opened;
    const request = buildRequest(BASE, []);
    await Promise.all([1, 2, 3].map(() => cluster.ensureBuild(request)));
    const seen = await build(cluster, request);
    expect(seen.image).toBe(`${REGISTRY}/${NAMESPACE}/${request.id}@${DIGEST}`);
    expect(await used.opened.versionOf(request.id)).toBe(1);
  });

  it('keeps the image of a build that was collected, and nothing else', async () => {
    const { cluster } = used.opened;
    const { id, ...request } = buildRequest(BASE, []);
    const { image } = await build(cluster, { id, ...request });
    await cluster.collected({ kind: 'build', id });
    expect(await cluster.observeBuild(id)).toBeUndefined();
    await used.opened.waitUntilGone('builds', `${id}-1`);
    await used.opened.waitUntilGone('pods', `${id}-1-build`);
    await used.opened.waitUntilGone('buildconfigs', id);
    expect(await cluster.hasImage(image!)).toBe(true);
  });

  it('removes images whose time is over, and refuses runs of them', async () => {
    const request = buildRequest(BASE, []);
    const { image } = await build(used.opened.cluster, request);
    await sleep(1100);
    const short = createOpenShiftCluster(used.opened.api, { ...OPTIONS, imageSeconds: 0 });
    await short.collected({ kind: 'build', id: request.id });
    expect(await used.opened.cluster.hasImage(image!)).toBe(false);
    const job = jobRequest(image!, 'exit 0');
    await used.opened.cluster.ensureJob(job);
    expect((await jobEnd(used.opened.cluster, job.id)).runs[0]).toMatchObject({
      reason: 'ImageNotFound',
    });
  });

  it('builds where its id is no name of an ImageStream', async () => {
    const request = buildRequest(BASE, [], { id: `${freshId('build')}--b` });
    const { image } = await build(used.opened.cluster, request);
    expect(image).toMatch(/\/amun-[0-9a-f]{32}@sha256:/);
    expect(await used.opened.cluster.hasImage(image!)).toBe(true);
  });

  it('cancels what runs, and what has not begun', async () => {
    used.opened.behave(RUNS);
    const { cluster, openshift } = used.opened;
    const [late, early] = [buildRequest(BASE, []), buildRequest(BASE, [])];
    await cluster.ensureBuild(late);
    await waitUntil(async () => (await cluster.observeBuild(late.id))?.state === 'running');
    await cluster.cancel({ kind: 'build', id: late.id });
    expect(await buildEnd(cluster, late.id)).toMatchObject({ reason: 'Cancelled' });
    await used.opened.waitUntilGone('pods', `${late.id}-1-build`);

    openshift.controllers.isPaused = true;
    await cluster.ensureBuild(early);
    await cluster.cancel({ kind: 'build', id: early.id });
    openshift.controllers.isPaused = false;
    expect(await buildEnd(cluster, early.id)).toMatchObject({ reason: 'Cancelled' });
    await used.opened.waitUntilGone('buildconfigs', early.id);
  });

  it('tells a failure with the last words of the builder', async () => {
    const words = `${'x'.repeat(200)}\nerror: build error: building at STEP "RUN ${'y'.repeat(200)}": while running runtime: exit status 7`;
    used.opened.behave(fails(words));
    expect(await build(used.opened.cluster, buildRequest(BASE, []))).toMatchObject({
      reason: 'BuildFailed',
      exitCode: 7,
      message: words.split('\n')[1],
    });
  });

  it("goes on with runs while OpenShift's own API server is away, and with builds after it", async () => {
    const { cluster, openshift } = used.opened;
    const { image } = await build(cluster, buildRequest(BASE, []));
    const watch = await watched(cluster);
    const job = jobRequest(image!, 'exit 0');
    await cluster.ensureJob(job);
    openshift.settings.isAway = true;
    const request = buildRequest(BASE, []);
    await expect(cluster.ensureBuild(request)).rejects.toMatchObject({ code: 'Unavailable' });
    await expect(cluster.observeBuild(request.id)).rejects.toMatchObject({ code: 'Unavailable' });
    await jobEnd(cluster, job.id);
    await waitUntil(() =>
      watch.events.some(
        (event) =>
          event.kind === 'job' && event.id === job.id && event.observation.state === 'terminated',
      ),
    );
    openshift.settings.isAway = false;
    expect((await build(cluster, request)).image).toContain(DIGEST);
  });

  it('is watched: every step, and its removal', async () => {
    const { cluster, openshift } = used.opened;
    const watch = await watched(cluster);
    expect(watch.events.filter(({ kind }) => kind === 'synced')).toHaveLength(1);
    const request = buildRequest(BASE, []);
    const states = (): string[] =>
      watch.events.flatMap((event) =>
        event.kind === 'build' && event.id === request.id ? [event.observation.state] : [],
      );
    // It is soon over: nothing begins before the watch has shown that it waits.
    openshift.controllers.isPaused = true;
    await cluster.ensureBuild(request);
    await waitUntil(() => states().length > 0);
    openshift.controllers.isPaused = false;
    await waitUntil(() => states().includes('terminated'));
    expect(states()[0]).toBe('waiting');
    await cluster.collected({ kind: 'build', id: request.id });
    await waitUntil(() =>
      watch.events.some((event) => event.kind === 'gone' && event.ref.id === request.id),
    );
  });
});
