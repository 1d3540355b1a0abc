import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import {
  build,
  buildRequest,
  bytesOf,
  HOME_LINES,
  jobEnd,
  jobRequest,
  logOf,
  run,
  saysInLog,
} from '../../../contract/cluster/test-cluster.js';
import { startWatch } from '../../../contract/cluster/watch.js';
import { requireTools } from '../../../require-tools.js';
import { waitUntil } from '../../../wait-until.js';
import { containersOf, startLocalCluster, type StartedCluster } from './start-local-cluster.js';

jest.setTimeout(900_000);

/** Long enough for an image to be there still when its first run begins. */
const BRIEF_CACHE_SECONDS = 30;

requireTools(['podman'])('stacks on one machine', () => {
  let one: StartedCluster;
  let other: StartedCluster;
  let brief: StartedCluster;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'amun-operator-'));
    const caBundlePath = path.join(folder, 'ca.pem');
    await writeFile(caBundlePath, 'the certificates\n');
    one = await startLocalCluster({
      caBundlePath,
      environment: { HTTP_PROXY: 'http://proxy.example:3128' },
    });
    other = await startLocalCluster();
    brief = await startLocalCluster({ imageCacheSeconds: BRIEF_CACHE_SECONDS });
  });
  afterAll(async () => {
    await one.stop();
    await other.stop();
    await brief.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('run the same job side by side, and the end of one leaves the other alone', async () => {
    const request = buildRequest(one.baseImage, HOME_LINES);
    const [mine, theirs] = await Promise.all([
      build(one.cluster, request),
      build(other.cluster, request),
    ]);
    const job = jobRequest(mine.image!, 'echo begin; sleep 20; echo end');
    await one.cluster.ensureJob(job);
    await other.cluster.ensureJob({ ...job, image: theirs.image! });
    await saysInLog(one.cluster, job.id, 'begin');
    await saysInLog(other.cluster, job.id, 'begin');
    await other.cluster.cancel({ kind: 'job', id: job.id });
    expect((await jobEnd(other.cluster, job.id)).reason).toBe('Cancelled');
    expect((await jobEnd(one.cluster, job.id)).runs[0]).toMatchObject({ exitCode: 0 });
    expect(await logOf(one.cluster, job.id)).toBe('begin\nend\n');
  });

  it("give builds and runs the operator's certificates and proxies", async () => {
    const request = buildRequest(one.baseImage, [
      ...HOME_LINES,
      'RUN --mount=type=bind,source=operator-ca.pem,target=/ca.pem cat /ca.pem; echo "<$http_proxy>"',
    ]);
    const files = [...request.context.files, { path: 'operator-ca.pem', content: '', mode: 0o644 }];
    const seen = await build(one.cluster, { ...request, context: { files } });
    const buildLog = (await bytesOf(one.cluster.logs({ build: request.id }))).toString();
    expect(buildLog).toContain('the certificates\n');
    const job = jobRequest(seen.image!, 'cat "$SSL_CERT_FILE"; echo "$http_proxy $HTTP_PROXY"');
    await run(one.cluster, job);
    const proxy = 'http://proxy.example:3128';
    expect(await logOf(one.cluster, job.id)).toBe(`the certificates\n${proxy} ${proxy}\n`);
  });

  it('remove what was collected: containers and files, not the image', async () => {
    const { image } = await build(one.cluster, buildRequest(one.baseImage, HOME_LINES));
    const job = jobRequest(image!, 'echo done', { batchSize: 2 });
    await run(one.cluster, job);
    await one.cluster.collected({ kind: 'job', id: job.id });
    const jobFolder = path.join(one.directory, 'cluster/jobs', job.id);
    await waitUntil(async () => !(await readdir(jobFolder)).includes('runs'));
    expect((await containersOf(one.directory)).filter((name) => name.includes(job.id))).toEqual([]);
    await expect(bytesOf(one.cluster.logs({ job: job.id, item: 0 }))).rejects.toMatchObject({
      code: 'NotFound',
    });
    // A request that comes late once more runs nothing again.
    await one.cluster.ensureJob(job);
    expect((await one.cluster.observeJob(job.id))?.state).toBe('terminated');
    expect(await one.cluster.hasImage(image!)).toBe(true);
  });

  it('remove an image that nobody has used for the cache time', async () => {
    const { image } = await build(brief.cluster, buildRequest(brief.baseImage, HOME_LINES));
    const seen = await run(brief.cluster, jobRequest(image!, 'exit 0'));
    expect(seen.runs[0]?.exitCode).toBe(0);
    const record = path.join(
      brief.directory,
      'cluster/images',
      `${image!.slice('sha256:'.length)}.json`,
    );
    await waitUntil(
      async () => !(await readdir(path.dirname(record))).includes(path.basename(record)),
      300_000,
    );
    expect(await brief.cluster.hasImage(image!)).toBe(false);
  });

  it('say of something that vanished that it is gone', async () => {
    const { image } = await build(one.cluster, buildRequest(one.baseImage, HOME_LINES));
    const job = jobRequest(image!, 'exit 0');
    await run(one.cluster, job);
    const watch = startWatch(one.cluster);
    await waitUntil(() => watch.events.some(({ kind }) => kind === 'synced'));
    await rm(path.join(one.directory, 'cluster/jobs', job.id), { recursive: true });
    await waitUntil(() => watch.events.some(({ kind }) => kind === 'gone'));
    expect(watch.events).toContainEqual({ kind: 'gone', ref: { kind: 'job', id: job.id } });
    await watch.end();
  });
});
