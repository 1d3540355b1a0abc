import { jest } from '@jest/globals';
import {
  build,
  buildRequest,
  HOME_LINES,
  jobEnd,
  jobRequest,
  run,
  saysInLog,
} from '../../../contract/cluster/test-cluster.js';
import { requireTools } from '../../../require-tools.js';
import { waitUntil } from '../../../wait-until.js';
import { startLocalCluster, type StartedCluster } from './start-local-cluster.js';

jest.setTimeout(900_000);

/** Has the machine until it is told to end. */
const HOLD = 'trap "exit 0" TERM; echo begin; sleep 300 & wait';

requireTools(['podman'])('the queue of a machine with one core', () => {
  let local: StartedCluster;
  let image: string;
  const requests = { cpu: '1', memory: '64Mi', hardware: {} };

  beforeAll(async () => {
    local = await startLocalCluster({ cpus: 1 });
    image = (await build(local.cluster, buildRequest(local.baseImage, HOME_LINES))).image!;
  });
  afterAll(() => local.stop());

  it('starts one after the other, in the order in which they were asked for', async () => {
    const { cluster } = local;
    const first = jobRequest(image, HOLD, { requests });
    await cluster.ensureJob(first);
    await saysInLog(cluster, first.id, 'begin');
    const second = jobRequest(image, 'exit 0', { requests });
    await cluster.ensureJob(second);
    await waitUntil(async () => (await cluster.observeJob(second.id))?.position === 1);
    // Small enough to fit beside the first, but nobody overtakes.
    const third = jobRequest(image, 'exit 0', { requests: { ...requests, cpu: '10m' } });
    await cluster.ensureJob(third);
    await waitUntil(async () => (await cluster.observeJob(third.id))?.position === 2);
    expect(await cluster.observeJob(second.id)).toMatchObject({ state: 'waiting', position: 1 });
    expect(await cluster.observeJob(first.id)).not.toHaveProperty('position');

    await cluster.cancel({ kind: 'job', id: first.id });
    const [one, two, three] = await Promise.all(
      [first, second, third].map(({ id }) => jobEnd(cluster, id)),
    );
    expect(Date.parse(two!.startedAt!)).toBeGreaterThanOrEqual(Date.parse(one!.finishedAt!));
    expect(Date.parse(three!.startedAt!)).toBeGreaterThanOrEqual(Date.parse(one!.finishedAt!));
    expect(two).not.toHaveProperty('position');
  });

  it('cancels what waits without starting it', async () => {
    const { cluster } = local;
    const first = jobRequest(image, HOLD, { requests });
    await cluster.ensureJob(first);
    await saysInLog(cluster, first.id, 'begin');
    const waiting = buildRequest(local.baseImage, ['RUN true'], { requests });
    await cluster.ensureBuild(waiting);
    await waitUntil(async () => (await cluster.observeBuild(waiting.id))?.position === 1);
    await cluster.cancel({ kind: 'build', id: waiting.id });
    await waitUntil(async () => (await cluster.observeBuild(waiting.id))?.reason === 'Cancelled');
    expect(await cluster.observeBuild(waiting.id)).not.toHaveProperty('startedAt');
    await cluster.cancel({ kind: 'job', id: first.id });
    await jobEnd(cluster, first.id);
  });

  it('refuses what is larger than the machine', async () => {
    const request = jobRequest(image, 'exit 0', { requests: { ...requests, cpu: '2' } });
    const seen = await run(local.cluster, request);
    expect(seen).toMatchObject({ state: 'terminated', reason: 'Unschedulable' });
    expect(seen.message).toBe('No machine has cpu 2; this one has 1.');
  });

  it('runs a batch of twenty to its end', async () => {
    const small = { ...requests, cpu: '250m' };
    const request = jobRequest(image, 'exit 0', { requests: small, batchSize: 20 });
    const seen = await run(local.cluster, request);
    expect(seen.runs.filter(({ exitCode }) => exitCode === 0)).toHaveLength(20);
  });
});
