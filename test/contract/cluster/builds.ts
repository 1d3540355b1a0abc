import {
  build,
  buildEnd,
  buildRequest,
  bytesOf,
  ENDS_MS,
  freshId,
  type TestCluster,
} from './test-cluster.js';
import { waitUntil } from '../../wait-until.js';

/** What builds must do on every cluster. */
export function describeBuilds(open: () => TestCluster): void {
  it('makes an image from the context and says when, how and where', async () => {
    const { cluster, baseImage } = open();
    const request = buildRequest(baseImage, ['COPY sub/greeting /greeting', 'RUN cat /greeting']);
    const files = [
      ...request.context.files,
      { path: 'sub/greeting', content: 'hello from the context\n', mode: 0o644 },
    ];
    const seen = await build(cluster, { ...request, context: { files } });
    expect(seen).toMatchObject({ state: 'terminated', exitCode: 0 });
    expect(seen.image).toMatch(/\S/);
    expect(seen.reason).toBeUndefined();
    expect(Date.parse(seen.finishedAt!)).toBeGreaterThanOrEqual(Date.parse(seen.startedAt!));
    expect(await cluster.hasImage(seen.image!)).toBe(true);
    const log = await bytesOf(cluster.logs({ build: request.id }));
    expect(log.toString()).toContain('hello from the context');
  });

  it('takes the same request twice for one', async () => {
    const { cluster, baseImage } = open();
    const request = buildRequest(baseImage, ['RUN true']);
    const first = await build(cluster, request);
    expect(await build(cluster, request)).toEqual(first);
  });

  it('tells a step that fails, with its exit code and its output', async () => {
    const { cluster, baseImage } = open();
    const request = buildRequest(baseImage, ['RUN echo step says no; exit 7']);
    const seen = await build(cluster, request);
    expect(seen).toMatchObject({ state: 'terminated', exitCode: 7, reason: 'BuildFailed' });
    expect(seen.image).toBeUndefined();
    const log = await bytesOf(cluster.logs({ build: request.id }));
    expect(log.toString()).toContain('step says no');
  });

  it('tells a base image that cannot be had, in the words of whoever looked for it', async () => {
    const { cluster } = open();
    const seen = await build(cluster, buildRequest('registry.invalid/amun/none:1', []));
    expect(seen).toMatchObject({ state: 'terminated', reason: 'BaseImageNotFound' });
    expect(seen.message).toContain('registry.invalid');
  });

  it('tells a step that needs more memory than was asked for', async () => {
    const { cluster, baseImage, limitsBuildMemory = true } = open();
    const lines = ['RUN dd if=/dev/zero of=/dev/null bs=200000000 count=1'];
    const seen = await build(cluster, buildRequest(baseImage, lines));
    expect(seen.state).toBe('terminated');
    expect(seen.reason).toBe(limitsBuildMemory ? 'BuildOutOfMemory' : undefined);
  });

  it('ends at its deadline', async () => {
    const { cluster, baseImage } = open();
    const request = buildRequest(baseImage, ['RUN sleep 300'], { timeoutSeconds: 2 });
    expect(await build(cluster, request)).toMatchObject({ reason: 'BuildTimedOut' });
  });

  it('is cancelled, and waits for nothing then', async () => {
    const { cluster, baseImage } = open();
    const request = buildRequest(baseImage, ['RUN sleep 300']);
    await cluster.ensureBuild(request);
    await waitUntil(
      async () => (await cluster.observeBuild(request.id))?.state === 'running',
      ENDS_MS,
    );
    await cluster.cancel({ kind: 'build', id: request.id });
    expect(await buildEnd(cluster, request.id)).toMatchObject({
      state: 'terminated',
      reason: 'Cancelled',
    });
  });

  it('never waits for a machine that there is not', async () => {
    const { cluster, baseImage } = open();
    const requests = { cpu: '1', memory: '1000Ti', hardware: {} };
    const seen = await build(cluster, buildRequest(baseImage, [], { requests }));
    expect(seen).toMatchObject({ state: 'terminated', reason: 'Unschedulable' });
    expect(seen.message).toContain('1000Ti');
  });

  it('knows nothing of others', async () => {
    const { cluster } = open();
    expect(await cluster.observeBuild(freshId('build'))).toBeUndefined();
    expect(await cluster.hasImage(`sha256:${'0'.repeat(64)}`)).toBe(false);
    await cluster.cancel({ kind: 'build', id: freshId('build') });
    await expect(bytesOf(cluster.logs({ build: freshId('build') }))).rejects.toMatchObject({
      code: 'NotFound',
    });
  });

  it('refuses an id that is no DNS label', async () => {
    const { cluster, baseImage } = open();
    const request = buildRequest(baseImage, [], { id: '../outside' });
    await expect(cluster.ensureBuild(request)).rejects.toMatchObject({ code: 'InvalidRequest' });
    expect(await cluster.observeBuild('../outside')).toBeUndefined();
  });
}
