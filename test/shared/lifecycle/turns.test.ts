import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { onJobComplete } from '../../../functions/on-job-complete/on-job-complete.js';
import { cancel } from '../../../functions/submit/cancel.js';
import { submit } from '../../../functions/submit/submit.js';
import { AmunError } from '../../../shared/errors/amun-error.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import type { CountedStage } from './count-under-way.js';
import { specify } from './open-stage.js';
import { endBuild, loseFromCluster, playAgent } from './play-agent.js';
import { BASES, Turns } from './play-turns.js';
import { runUntilQuiet } from './run-until-quiet.js';

describe('turns', () => {
  let turns: Turns;
  let stage: CountedStage;
  afterEach(() => stage.close());

  async function open(maxBuilds?: number, maxRuns?: number): Promise<void> {
    turns = await Turns.open(maxBuilds, maxRuns);
    ({ stage } = turns);
  }

  it.each([1, 2])('of builds come in order as builds end, %i at once', async (bound) => {
    await open(bound, 100);
    const builds = (await turns.submitAll(BASES)).map(({ buildId }) => buildId);
    expect(stage.started).toEqual(builds.slice(0, bound));
    for (const [ended, id] of builds.entries()) {
      await turns.build(id);
      await turns.deliverHints();
      expect(stage.started.filter((each) => builds.includes(each))).toEqual(
        builds.slice(0, ended + 1 + bound),
      );
    }
    expect(stage.most.builds).toBe(bound);
    expect(await turns.queued('builds')).toEqual([]);
    expect(turns.hints()).toEqual(builds.slice(bound));
  });

  it.each([1, 2])('of jobs come in order as jobs end, %i runs at once', async (bound) => {
    await open(100, bound);
    const jobs = await turns.submitAll(BASES);
    for (const { buildId } of jobs) await turns.build(buildId);
    const ids = jobs.map(({ id }) => id);
    const started = () => stage.started.filter((each) => ids.includes(each));
    expect(started()).toEqual(ids.slice(0, bound));
    for (const [ended, id] of ids.entries()) {
      await turns.run(id);
      await turns.deliverHints();
      expect(started()).toEqual(ids.slice(0, ended + 1 + bound));
      expect(await turns.record(id)).toMatchObject({ phase: 'succeeded' });
    }
    expect(stage.most.runs).toBe(bound);
    expect(await turns.queued('runs')).toEqual([]);
  });

  it('count every run of a batch, and let one that is larger than the bound run alone', async () => {
    await open(100, 3);
    const [small] = await turns.submitAll(['fedora:38']);
    const [large] = await turns.submitAll(['fedora:39'], { batch_size: 5 });
    const [late] = await turns.submitAll(['fedora:40'], { batch_size: 2 });
    for (const { buildId } of [small!, large!, late!]) await turns.build(buildId);
    expect(stage.most.runs).toBe(1);
    await turns.run(small!.id);
    await turns.deliverHints();
    expect(stage.most.runs).toBe(5);
    expect(await turns.record(late!.id)).toMatchObject({ phase: 'queued' });
    await turns.run(large!.id);
    await turns.deliverHints();
    expect(await turns.record(late!.id)).toMatchObject({ phase: 'running' });
  });

  it('are one for all who share a build, until nobody waits for it', async () => {
    await open(1, 100);
    const [, first, second] = await turns.submitAll(['fedora:38', 'fedora:40', 'fedora:40']);
    expect(first!.buildId).toBe(second!.buildId);
    expect(await turns.queued('builds')).toHaveLength(2);
    await cancel(stage.ports, first!.id);
    expect(await turns.queued('builds')).toHaveLength(2);
    await cancel(stage.ports, second!.id);
    expect(await turns.queued('builds')).toHaveLength(1);
    await runUntilQuiet(stage);
    expect((await stage.records()).map(({ phase }) => phase)).toEqual([
      'succeeded',
      'cancelled',
      'cancelled',
    ]);
    expect(stage.started).not.toContain(first!.buildId);
  });

  it('are one for each build that is forced', async () => {
    await open(1, 100);
    const forced = await turns.submitAll(['fedora:40', 'fedora:40', 'fedora:40'], { force: true });
    const builds = forced.map(({ buildId }) => buildId);
    expect(new Set(builds).size).toBe(3);
    expect(stage.started).toEqual(builds.slice(0, 1));
    expect((await turns.queued('builds')).sort()).toEqual([...builds].sort());
    await runUntilQuiet(stage);
    expect(stage.started.filter((id) => builds.includes(id))).toEqual(builds);
    expect(stage.most.builds).toBe(1);
  });

  it('are given back by a build that is cancelled while it waits, which may be asked for anew', async () => {
    await open(1, 100);
    const [, waiting] = await turns.submitAll(['fedora:38', 'fedora:40']);
    expect(await cancel(stage.ports, waiting!.id)).toMatchObject({ phase: 'cancelled' });
    expect(await turns.queued('builds')).toHaveLength(1);
    const [again] = await turns.submitAll(['fedora:40']);
    expect(again!.buildId).not.toBe(waiting!.buildId);
    await runUntilQuiet(stage);
    expect(await turns.record(again!.id)).toMatchObject({ phase: 'succeeded' });
    expect(stage.started).not.toContain(waiting!.buildId);
  });

  it('are given back by a job that is cancelled while it waits', async () => {
    await open(100, 1);
    const all = await turns.submitAll(BASES.slice(0, 3));
    for (const { buildId } of all) await turns.build(buildId);
    expect(await cancel(stage.ports, all[1]!.id)).toMatchObject({
      phase: 'cancelled',
      build: { state: 'terminated' },
    });
    expect(await turns.queued('runs')).toHaveLength(2);
    await turns.run(all[0]!.id);
    expect(turns.hints()).toEqual([all[2]!.id]);
    expect(stage.started).not.toContain(all[1]!.id);
  });

  it('are given back by a running job only once it has ended', async () => {
    await open(100, 1);
    const all = await turns.submitAll(BASES.slice(0, 2));
    for (const { buildId } of all) await turns.build(buildId);
    await cancel(stage.ports, all[0]!.id);
    expect(turns.hints()).toEqual([]);
    await playAgent(stage);
    await onJobComplete(stage.ports, all[0]!.id);
    expect(await turns.record(all[0]!.id)).toMatchObject({ phase: 'cancelled' });
    expect(turns.hints()).toEqual([all[1]!.id]);
  });

  it('are given back by a running build only once it has ended', async () => {
    await open(1, 100);
    const [first, second] = await turns.submitAll(BASES.slice(0, 2));
    await cancel(stage.ports, first!.id);
    expect(turns.hints()).toEqual([]);
    await playAgent(stage);
    await onBuildComplete(stage.ports, first!.buildId);
    expect(turns.hints()).toEqual([second!.buildId]);
    expect(await turns.queued('builds')).toEqual([second!.buildId]);
  });

  it('are given back where the cluster refuses', async () => {
    await open(1, 1);
    const refuse = () => Promise.reject(new AmunError('Forbidden', 'Not here.'));
    const { cluster } = stage.ports;
    const refusing: Ports = {
      ...stage.ports,
      cluster: { ...cluster, ensureBuild: refuse, ensureJob: refuse },
    };
    await submit(refusing, specify());
    expect(await stage.newest()).toMatchObject({ phase: 'failed', reason: 'ClusterError' });
    expect(await turns.queued('builds')).toEqual([]);
    await submit(stage.ports, specify({ base: 'fedora:39' }));
    const { id, buildId } = await stage.newest();
    await endBuild(stage, buildId);
    await onBuildComplete(refusing, buildId);
    expect(await turns.record(id)).toMatchObject({ phase: 'failed', reason: 'ClusterError' });
    expect(await turns.queued('runs')).toEqual([]);
  });

  it('are given back where a build or a job vanishes', async () => {
    await open(1, 1);
    const [lost] = await turns.submitAll(['fedora:38']);
    await loseFromCluster(stage, { kind: 'build', id: lost!.buildId });
    await onBuildComplete(stage.ports, lost!.buildId);
    expect(await turns.queued('builds')).toEqual([]);
    const [other] = await turns.submitAll(['fedora:39']);
    await turns.build(other!.buildId);
    await loseFromCluster(stage, { kind: 'job', id: other!.id });
    await onJobComplete(stage.ports, other!.id);
    expect(await turns.record(other!.id)).toMatchObject({ phase: 'failed', reason: 'Lost' });
    expect(await turns.queued('runs')).toEqual([]);
  });

  it('cost nothing where there are no bounds', async () => {
    await open();
    await turns.submitAll(BASES);
    const { ports } = stage;
    const untouched = (name: string) =>
      new Proxy(ports.store.queues.builds, {
        get: () => () => Promise.reject(new Error(`${name} was used.`)),
      });
    const queues = { builds: untouched('builds'), runs: untouched('runs') };
    Object.assign(stage, { ports: { ...ports, store: { ...ports.store, queues } } });
    await turns.submitAll(BASES);
    await cancel(stage.ports, (await stage.newest()).id);
    await runUntilQuiet(stage);
    expect(stage.most.builds).toBe(BASES.length);
  });
});
