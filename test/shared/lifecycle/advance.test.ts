import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { onJobComplete } from '../../../functions/on-job-complete/on-job-complete.js';
import { cancel } from '../../../functions/submit/cancel.js';
import { submit } from '../../../functions/submit/submit.js';
import { AmunError } from '../../../shared/errors/amun-error.js';
import type { InspectionRecord } from '../../../shared/inspection/record.js';
import { advance } from '../../../shared/lifecycle/advance.js';
import { runReportKey, specificationKey } from '../../../shared/lifecycle/artifact-keys.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import { openStage, specify, type Stage } from './open-stage.js';
import {
  clear,
  endBuild,
  endJob,
  FINISHED,
  loseFromCluster,
  playAgent,
  STARTED,
  writeRuns,
  type AgentPlan,
} from './play-agent.js';
import { runUntilQuiet } from './run-until-quiet.js';
import { wrapPorts } from './wrap-ports.js';

describe('advance', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.close());

  const inFlight = () => stage.ports.store.inFlight.list();
  const job = (id: string) => ({ kind: 'job', id }) as const;

  /** Submits, builds and starts the job. */
  async function start(fields: Readonly<Record<string, unknown>> = {}): Promise<InspectionRecord> {
    await submit(stage.ports, specify(fields));
    const { buildId, id } = await stage.newest();
    await endBuild(stage, buildId);
    await onBuildComplete(stage.ports, buildId);
    return (await stage.ports.store.inspections.get(id))!.value;
  }
  async function runToEnd(id: string, plan?: AgentPlan): Promise<InspectionRecord> {
    await endJob(stage, id, plan);
    await onJobComplete(stage.ports, id);
    return (await stage.ports.store.inspections.get(id))!.value;
  }

  it('leads an inspection to its end', async () => {
    const running = await start({ batch_size: 2 });
    expect(running).toMatchObject({ phase: 'running', build: { exitCode: 0 } });
    const ended = await runToEnd(running.id);
    expect(ended).toMatchObject({
      phase: 'succeeded',
      finished: '2026-01-01T12:00:00.000Z',
      job: { startedAt: STARTED, finishedAt: FINISHED, runs: [{ item: 0 }, { item: 1 }] },
    });
    expect(ended.reason).toBeUndefined();
    expect(await inFlight()).toEqual([]);
  });

  it('asks for no job when its build ends, and finds the one that was not noted', async () => {
    await submit(stage.ports, specify());
    const { buildId, id } = await stage.newest();
    await endBuild(stage, buildId);
    const calls: string[] = [];
    const ports = wrapPorts(stage.ports, (name, call) => {
      calls.push(name);
      // Whoever made the job dies over noting it.
      if (name === 'store.inspections.replace') throw new AmunError('Unavailable', 'Not now.');
      return call();
    });
    await expect(onBuildComplete(ports, buildId)).rejects.toMatchObject({ code: 'Unavailable' });
    expect(calls).not.toContain('cluster.observeJob');
    expect(await stage.ports.cluster.observeJob(id)).toBeDefined();
    await onBuildComplete(stage.ports, buildId);
    expect(await runToEnd(id)).toMatchObject({ phase: 'succeeded' });
  });

  it('does nothing about an inspection that nobody submitted', async () => {
    await advance(stage.ports, 'inspection-0000000000000000');
    expect(stage.bus.events).toEqual([]);
    expect(await inFlight()).toEqual([]);
  });

  it.each([
    ['ScriptFailed', { exitCode: 3 }],
    ['OutOfMemory', { exitCode: 137, reason: 'OutOfMemory' }],
    ['DeadlineExceeded', { exitCode: 143, reason: 'DeadlineExceeded' }],
    ['ImageNotFound', { reason: 'ImageNotFound', message: 'no such image' }],
  ] as const)('tells %s of a run', async (reason, run) => {
    const { id } = await start();
    expect(await runToEnd(id, { run: () => run })).toMatchObject({ phase: 'failed', reason });
  });

  it('says how many of a batch failed, and why the first did', async () => {
    const { id } = await start({ batch_size: 5 });
    const record = await runToEnd(id, { run: (item) => (item > 2 ? { exitCode: item } : {}) });
    expect(record).toMatchObject({ phase: 'failed', reason: 'ScriptFailed' });
    expect(record.message).toMatch(/^2 of 5 runs did not succeed/);
    expect(record.job?.runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 3, 4]);
  });

  it('ends an inspection whose job vanished as lost', async () => {
    const { id } = await start();
    await loseFromCluster(stage, job(id));
    await advance(stage.ports, id);
    expect(await stage.newest()).toMatchObject({ phase: 'failed', reason: 'Lost' });
  });

  it('ends an inspection whose job the cluster refuses for good', async () => {
    await submit(stage.ports, specify());
    const { buildId } = await stage.newest();
    await endBuild(stage, buildId);
    const ensureJob = () => Promise.reject(new AmunError('Forbidden', 'Not here.'));
    const ports: Ports = { ...stage.ports, cluster: { ...stage.ports.cluster, ensureJob } };
    await onBuildComplete(ports, buildId);
    expect(await stage.newest()).toMatchObject({
      phase: 'failed',
      reason: 'ClusterError',
      message: 'Not here.',
      build: { state: 'terminated' },
    });
    expect(await inFlight()).toEqual([]);
  });

  it('ends an inspection whose specification is gone, instead of trying for ever', async () => {
    await submit(stage.ports, specify());
    const { buildId, id } = await stage.newest();
    await stage.ports.store.artifacts.remove(specificationKey(id));
    await endBuild(stage, buildId);
    await onBuildComplete(stage.ports, buildId);
    expect(await stage.newest()).toMatchObject({ phase: 'failed', reason: 'ClusterError' });
  });

  it('notes a job that was started by somebody who died before noting it', async () => {
    const { id } = await start();
    const { inspections } = stage.ports.store;
    const known = (await inspections.get(id))!;
    await inspections.replace(id, { ...known.value, phase: 'queued' }, known.version);
    await writeRuns(stage, id, () => ({ state: 'running', startedAt: STARTED }));
    await advance(stage.ports, id);
    expect((await stage.newest()).phase).toBe('running');
  });

  it('ends a job again whose cancelling was cut off', async () => {
    const { id } = await start();
    const { inspections } = stage.ports.store;
    const known = (await inspections.get(id))!;
    await inspections.replace(id, { ...known.value, cancelRequested: true }, known.version);
    await advance(stage.ports, id);
    await playAgent(stage);
    await advance(stage.ports, id);
    expect(await stage.newest()).toMatchObject({ phase: 'cancelled', reason: 'Cancelled' });
  });

  it('takes no second look at a job that was collected while it looked', async () => {
    const { id } = await start();
    await endJob(stage, id);
    const { cluster } = stage.ports;
    let reads = 0;
    const logs: Ports['cluster']['logs'] = (target, options) => {
      reads += 1;
      return reads === 1 ? interrupted() : cluster.logs(target, options);
    };
    /** Somebody else collects the job, and the cluster drops its log, before we read it. */
    async function* interrupted(): AsyncGenerator<Uint8Array> {
      await onJobComplete(stage.ports, id);
      await clear(stage, job(id));
      yield* cluster.logs({ job: id, item: 0 });
    }
    await onJobComplete({ ...stage.ports, cluster: { ...cluster, logs } }, id);
    const stored = await stage.ports.store.artifacts.get(runReportKey(id, 0));
    expect(JSON.parse(Buffer.from(stored!).toString())).toMatchObject({
      stdout: 'hello from run 0\n',
    });
    expect((await stage.newest()).phase).toBe('succeeded');
  });

  it('does away with a job that was asked for when its inspection had ended', async () => {
    await submit(stage.ports, specify());
    const { buildId, id } = await stage.newest();
    await endBuild(stage, buildId);
    const { cluster } = stage.ports;
    const ensureJob: Ports['cluster']['ensureJob'] = async (request) => {
      await cancel(stage.ports, id);
      await cluster.ensureJob(request);
    };
    await onBuildComplete({ ...stage.ports, cluster: { ...cluster, ensureJob } }, buildId);
    expect(await stage.newest()).toMatchObject({ phase: 'cancelled' });
    const left: string[] = [];
    const controller = new AbortController();
    for await (const event of cluster.watch(controller.signal)) {
      if (event.kind === 'job') left.push(event.id);
      if (event.kind === 'synced') controller.abort();
    }
    expect(left).toEqual([]);
  });

  it('ends build-only inspections with their build', async () => {
    await submit(stage.ports, specify({ script: null }));
    await runUntilQuiet(stage);
    const record = await stage.newest();
    expect(record).toMatchObject({ phase: 'succeeded', hasScript: false });
    expect(await stage.ports.cluster.observeJob(record.id)).toBeUndefined();
  });

  it('makes a build again that was cancelled under somebody who joined it', async () => {
    await submit(stage.ports, specify());
    await submit(stage.ports, specify());
    const [first, second] = await stage.records();
    await endBuild(stage, first!.buildId, { build: { reason: 'Cancelled' } });
    await onBuildComplete(stage.ports, first!.buildId);
    const moved = await inFlight();
    expect(moved.map(({ inspectionId }) => inspectionId)).toEqual([first!.id, second!.id]);
    expect(moved.map(({ buildId }) => buildId)).not.toContain(first!.buildId);
    await runUntilQuiet(stage);
    const ended = await stage.records();
    expect(ended.map(({ phase }) => phase)).toEqual(['succeeded', 'succeeded']);
    expect(second!.buildId).toBe(first!.buildId);
    expect(new Set(ended.map(({ buildId }) => buildId)).size).toBe(1);
    expect(ended[0]!.buildId).not.toBe(first!.buildId);
  });
});
