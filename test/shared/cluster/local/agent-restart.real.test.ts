import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import { ensureBusyboxBase } from '../../../base-image.js';
import {
  build,
  buildEnd,
  buildRequest,
  bytesOf,
  HOME_LINES,
  jobEnd,
  jobRequest,
  logOf,
  saysInLog,
} from '../../../contract/cluster/test-cluster.js';
import { requireTools } from '../../../require-tools.js';
import { waitUntil } from '../../../wait-until.js';
import { AgentProcess } from './agent-process.js';
import { clusterIn, containersOf, podman, removeStack } from './start-local-cluster.js';

jest.setTimeout(900_000);

/** Goes on until it gets a signal that only a test sends. */
const UNTIL_TOLD = 'trap "echo end; exit 6" USR1; echo begin; sleep 300 & wait';

requireTools(['podman'])('an agent that is killed', () => {
  let directory: string;
  let agent: AgentProcess;
  let base: string;
  let image: string;

  beforeAll(async () => {
    AgentProcess.bundle();
    base = await ensureBusyboxBase();
    directory = await mkdtemp(path.join(tmpdir(), 'amun-restart-'));
    agent = new AgentProcess(directory);
    await agent.start();
    image = (await build(clusterIn(directory), buildRequest(base, HOME_LINES))).image!;
  });
  afterAll(async () => {
    await agent.stop();
    await removeStack(directory);
    await AgentProcess.removeBundle();
  });

  it('finds a build again that went on without it', async () => {
    const cluster = clusterIn(directory);
    const request = buildRequest(base, ['RUN echo before; sleep 20; echo after']);
    await cluster.ensureBuild(request);
    await waitUntil(async () => (await buildLog(request.id)).includes('before'));
    const begun = await cluster.observeBuild(request.id);
    await agent.kill();
    await agent.start();
    const seen = await buildEnd(cluster, request.id);
    expect(seen).toMatchObject({ exitCode: 0, startedAt: begun?.startedAt });
    expect(await cluster.hasImage(seen.image!)).toBe(true);
    expect(await buildLog(request.id)).toMatch(/before\nafter\n/);

    function buildLog(id: string): Promise<string> {
      return bytesOf(cluster.logs({ build: id })).then(String);
    }
  });

  it('finds runs again: those that ended meanwhile, and those that go on', async () => {
    const cluster = clusterIn(directory);
    const long = jobRequest(image, UNTIL_TOLD);
    const short = jobRequest(image, 'echo begin; sleep 5; echo end; exit 5');
    for (const request of [long, short]) {
      await cluster.ensureJob(request);
      await saysInLog(cluster, request.id, 'begin');
    }
    await agent.kill();
    await saysInLog(cluster, short.id, 'end');
    const late = jobRequest(image, 'exit 0');
    await cluster.ensureJob(late);
    await agent.start();
    expect((await jobEnd(cluster, short.id)).runs[0]).toMatchObject({ exitCode: 5 });
    expect((await cluster.observeJob(long.id))?.state).toBe('running');
    expect((await jobEnd(cluster, late.id)).runs[0]).toMatchObject({ exitCode: 0 });
    const [container] = (await containersOf(directory)).filter((name) => name.includes(long.id));
    await podman('kill', '--signal', 'USR1', container!);
    expect((await jobEnd(cluster, long.id)).runs[0]).toMatchObject({ exitCode: 6 });
    for (const { id } of [short, long]) expect(await logOf(cluster, id)).toBe('begin\nend\n');
  });

  it('runs nothing twice, at whatever moment it is killed', async () => {
    const cluster = clusterIn(directory);
    const request = jobRequest(image, 'echo "$(hostname) ran"', { batchSize: 6 });
    await cluster.ensureJob(request);
    for (const pause of [60, 140, 220]) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      await agent.kill();
      await agent.start();
    }
    const seen = await jobEnd(cluster, request.id);
    expect(seen.runs.map(({ exitCode }) => exitCode)).toEqual(Array(6).fill(0));
    for (const { item } of seen.runs) {
      expect(await logOf(cluster, request.id, item)).toMatch(/^\S+ ran\n$/);
    }
  });

  it('is the only one in its directory', async () => {
    const second = new AgentProcess(directory);
    await expect(second.start()).rejects.toThrow("this folder's agent already");
  });

  it('ends what it started when it is told to end, and the next one begins it anew', async () => {
    const cluster = clusterIn(directory);
    const request = jobRequest(image, 'echo begin; sleep 20; echo end');
    await cluster.ensureJob(request);
    await saysInLog(cluster, request.id, 'begin');
    await agent.stop();
    expect(await containersOf(directory)).toEqual([]);
    expect((await cluster.observeJob(request.id))?.state).toBe('waiting');
    await agent.start();
    expect((await jobEnd(cluster, request.id)).runs[0]).toMatchObject({ exitCode: 0 });
    expect(await logOf(cluster, request.id)).toBe('begin\nend\n');
  });
});
