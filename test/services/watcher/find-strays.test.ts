import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { submit } from '../../../functions/submit/submit.js';
import { findStrays } from '../../../services/watcher/find-strays.js';
import { NO_QUEUES, type QueueSnapshots } from '../../../services/watcher/read-queues.js';
import type { ClusterRef } from '../../../shared/cluster/port.js';
import { AmunError } from '../../../shared/errors/amun-error.js';
import type { InspectionRecord } from '../../../shared/inspection/record.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import { openStage, specify, type Stage } from '../../shared/lifecycle/open-stage.js';
import {
  endBuild,
  endJob,
  loseFromCluster,
  startBuildInCluster,
  STARTED,
  writeRuns,
} from '../../shared/lifecycle/play-agent.js';

const NOTHING = { missed: [], orphans: [], leftovers: [], unexported: [], well: [] };

describe('findStrays', () => {
  let stage: Stage;
  let id: string;
  let buildId: string;
  beforeEach(async () => {
    stage = await openStage();
    await submit(stage.ports, specify());
    ({ id, buildId } = await stage.newest());
  });
  afterEach(() => stage.close());

  const find = async (ports: Ports = stage.ports) =>
    findStrays(ports, await ports.store.inFlight.list());
  const entry = () => ({ buildId, inspectionId: id });
  const build = (): ClusterRef => ({ kind: 'build', id: buildId });
  const job = (): ClusterRef => ({ kind: 'job', id });
  async function run(): Promise<void> {
    await endBuild(stage, buildId);
    await onBuildComplete(stage.ports, buildId);
    await writeRuns(stage, id, () => ({ state: 'running', startedAt: STARTED }));
  }
  async function change(fields: Partial<InspectionRecord>): Promise<void> {
    const { inspections } = stage.ports.store;
    const known = (await inspections.get(id))!;
    await inspections.replace(id, { ...known.value, ...fields }, known.version);
  }

  it('finds nothing where a build waits or runs', async () => {
    expect(await find()).toEqual({ ...NOTHING, well: [entry()] });
    await startBuildInCluster(stage, buildId);
    expect(await find()).toEqual({ ...NOTHING, well: [entry()] });
  });

  it('finds nothing where a job runs', async () => {
    await run();
    expect(await find()).toEqual({ ...NOTHING, well: [entry()] });
  });

  it('finds a build whose end nobody has acted on', async () => {
    await endBuild(stage, buildId);
    expect(await find()).toEqual({ ...NOTHING, missed: [build()] });
  });

  it('finds a build that vanished, or was never started', async () => {
    await loseFromCluster(stage, { kind: 'build', id: buildId });
    expect((await find()).missed).toEqual([build()]);
  });

  it('finds a build once, however many wait for it, and asks the cluster once', async () => {
    for (let n = 0; n < 30; n += 1) await submit(stage.ports, specify());
    await endBuild(stage, buildId);
    let asked = 0;
    const observeBuild = (asking: string) => {
      asked += 1;
      return stage.ports.cluster.observeBuild(asking);
    };
    const counting = { ...stage.ports, cluster: { ...stage.ports.cluster, observeBuild } };
    expect((await find(counting)).missed).toEqual([build()]);
    expect(asked).toBe(1);
  });

  it('finds a job that ended, and one that vanished', async () => {
    await run();
    await endJob(stage, id);
    expect((await find()).missed).toEqual([job()]);
    await loseFromCluster(stage, { kind: 'job', id });
    expect((await find()).missed).toEqual([job()]);
  });

  it('finds a wish to cancel that may not have been carried out', async () => {
    await run();
    await change({ cancelRequested: true });
    expect((await find()).missed).toEqual([job()]);
  });

  it('finds an end that is not settled', async () => {
    await change({ phase: 'failed' });
    expect((await find()).missed).toEqual([job()]);
  });

  it('finds who is in flight without a record, or under a build that it has left', async () => {
    const nobody = { buildId, inspectionId: 'inspection-0000000000000000' };
    const left = { buildId: `build-${'a'.repeat(32)}-1`, inspectionId: id };
    await stage.ports.store.inFlight.add(nobody);
    await stage.ports.store.inFlight.add(left);
    const { missed, orphans } = await find();
    expect(missed).toEqual([]);
    expect(orphans).toHaveLength(2);
    expect(orphans).toEqual(expect.arrayContaining([nobody, left]));
  });

  describe('with queues', () => {
    const nobody = 'inspection-0000000000000000';
    const queue = (ids: readonly string[], waiting: readonly string[] = []) => ({
      ids: new Set(ids),
      waiting: new Set(waiting),
    });
    const findWith = async (queues: Partial<QueueSnapshots>) => {
      const entries = await stage.ports.store.inFlight.list();
      return findStrays(stage.ports, entries, { ...NO_QUEUES, ...queues });
    };
    const lose = () => loseFromCluster(stage, build());

    it('finds nothing where a build waits for its turn', async () => {
      await lose();
      expect(await findWith({ build: queue([buildId], [buildId]) })).toEqual({
        ...NOTHING,
        well: [entry()],
      });
    });

    it('finds a build whose turn has come and that nobody started', async () => {
      await lose();
      expect(await findWith({ build: queue([buildId]) })).toEqual({
        ...NOTHING,
        missed: [build()],
      });
    });

    it('finds nothing where runs wait for their turn, though the build is over', async () => {
      await endBuild(stage, buildId);
      expect(await findWith({ job: queue([id], [id]) })).toEqual(NOTHING);
    });

    it('finds runs whose turn has come and that nobody started', async () => {
      await endBuild(stage, buildId);
      expect(await findWith({ job: queue([id]) })).toEqual({ ...NOTHING, missed: [job()] });
    });

    it('finds a wish to cancel what waits', async () => {
      await change({ cancelRequested: true });
      const { missed } = await findWith({ job: queue([id], [id]), build: queue([buildId]) });
      expect(missed).toEqual([job()]);
    });

    it('finds a place of a build that is over, though nobody waits for it any more', async () => {
      await run();
      expect((await findWith({ build: queue([buildId]) })).missed).toEqual([build()]);
    });

    it('leaves what is under way its place, though nobody waits for it any more', async () => {
      await startBuildInCluster(stage, buildId);
      const { inspectionId } = (await stage.ports.store.inFlight.list())[0]!;
      await stage.ports.store.inFlight.remove({ buildId, inspectionId });
      expect(await findWith({ build: queue([buildId]) })).toEqual(NOTHING);
    });

    it.each(['build', 'job'] as const)('finds places of a %s that is nobody’s', async (kind) => {
      const left = { kind, id: nobody };
      expect(await findWith({ [kind]: queue([nobody]) })).toEqual({
        ...NOTHING,
        well: [entry()],
        leftovers: [left],
      });
      expect(await findWith({ [kind]: queue([nobody], [nobody]) })).toEqual({
        ...NOTHING,
        well: [entry()],
        leftovers: [left],
      });
    });
  });

  const failing = (error: Error): Ports => {
    const observeBuild = () => Promise.reject(error);
    return { ...stage.ports, cluster: { ...stage.ports.cluster, observeBuild } };
  };

  it('passes over what cannot be read', async () => {
    await submit(stage.ports, specify({ base: 'debian:12', run: {} }));
    await change({ phase: 'running' });
    const broken = failing(new AmunError('Internal', 'Its record is damaged.'));
    expect((await find(broken)).missed).toEqual([job()]);
  });

  it('gives up where the cluster does not answer: nothing is known then', async () => {
    const silent = failing(new AmunError('Unavailable', 'Not now.'));
    await expect(find(silent)).rejects.toMatchObject({ code: 'Unavailable' });
  });
});
