import { cancel } from '../../../functions/submit/cancel.js';
import { deleteInspection } from '../../../functions/submit/delete.js';
import { submit } from '../../../functions/submit/submit.js';
import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { onJobComplete } from '../../../functions/on-job-complete/on-job-complete.js';
import { hasMark } from '../../../shared/cluster/local/read-cluster.js';
import { isAmunError } from '../../../shared/errors/amun-error.js';
import type { InspectionRecord } from '../../../shared/inspection/record.js';
import { buildLogKey } from '../../../shared/lifecycle/artifact-keys.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import { failAt } from '../../shared/lifecycle/fail-at.js';
import { openStage, specify, type Stage } from '../../shared/lifecycle/open-stage.js';
import { BUILD_LOG, endBuild, playAgent } from '../../shared/lifecycle/play-agent.js';
import { runUntilQuiet } from '../../shared/lifecycle/run-until-quiet.js';
import { expectGone, leftOf } from './deleted-inspection.js';

const SPECIFICATION = specify({ batch_size: 2 });

/** Inspections that have ended, the first of them to be deleted. */
async function openFinished(count = 1): Promise<Stage> {
  const stage = await openStage();
  for (let n = 0; n < count; n += 1) await submit(stage.ports, SPECIFICATION);
  await runUntilQuiet(stage);
  return stage;
}

describe('deleteInspection', () => {
  let stage: Stage;
  afterEach(() => stage.close());

  it('removes all of an inspection, and nothing of others or of their build', async () => {
    stage = await openFinished(2);
    const [deleted, other] = (await stage.records()) as [InspectionRecord, InspectionRecord];
    const before = await leftOf(stage, other);
    expect(await leftOf(stage, deleted)).toHaveLength(before.length);
    await deleteInspection(stage.ports, deleted.id);
    expect(await leftOf(stage, deleted)).toEqual([]);
    expect(await leftOf(stage, other)).toEqual(before);
    const { artifacts, builds } = stage.ports.store;
    const log = await artifacts.get(buildLogKey(deleted.buildId));
    expect(Buffer.from(log!).toString()).toBe(BUILD_LOG);
    expect((await builds.get(deleted.buildId))?.value.outcome).toBeDefined();
    await expectGone(stage, deleted.id);
    // The build serves others as before.
    expect(await submit(stage.ports, SPECIFICATION)).toMatchObject({ buildCreated: false });
  });

  it('removes one that only built, and one that was cancelled', async () => {
    stage = await openStage();
    await submit(stage.ports, specify({ script: null }));
    await submit(stage.ports, specify({ base: 'debian:12' }));
    const [built, cancelled] = (await stage.records()) as [InspectionRecord, InspectionRecord];
    await cancel(stage.ports, cancelled.id);
    await runUntilQuiet(stage);
    for (const record of [built, cancelled]) {
      await deleteInspection(stage.ports, record.id);
      expect(await leftOf(stage, record)).toEqual([]);
    }
    expect((await stage.ports.store.index.list(1, 10)).total).toBe(0);
  });

  it('refuses what has not ended, and what nobody submitted', async () => {
    stage = await openStage();
    const { id } = await submit(stage.ports, SPECIFICATION);
    await expect(deleteInspection(stage.ports, id)).rejects.toMatchObject({
      code: 'NotFinished',
      message: expect.stringContaining(`cancel it first: POST /inspect/${id}/cancel`) as string,
    });
    expect(await stage.records()).toHaveLength(1);
    await expectGone(stage, 'inspection-0000000000000000');
  });

  it('can be repeated until all is gone, whatever call of it failed', async () => {
    for (const when of ['before', 'after'] as const) {
      let failed: string | undefined;
      let at = 1;
      for (; at === 1 || failed !== undefined; at += 1) {
        stage = await openFinished();
        const record = await stage.newest();
        const failing = failAt(stage.ports, { at, when });
        try {
          await deleteInspection(failing.ports, record.id);
        } catch (error) {
          if (!isAmunError(error, 'Unavailable')) throw error;
          if ((await leftOf(stage, record)).length > 0) {
            await deleteInspection(stage.ports, record.id);
          }
        }
        failed = failing.failed();
        expect([at, failed, await leftOf(stage, record)]).toEqual([at, failed, []]);
        await expectGone(stage, record.id);
        await runUntilQuiet(stage);
        const ends = stage.bus.events.filter(({ type }) => type === 'amun.inspection.complete');
        expect(ends).toHaveLength(1);
        await stage.close();
      }
      expect(at).toBeGreaterThan(10);
    }
  }, 120_000);

  it('settles what was left open when it ended', async () => {
    stage = await openStage();
    await submit(stage.ports, SPECIFICATION);
    const { id, buildId } = await stage.newest();
    await endBuild(stage, buildId);
    await onBuildComplete(stage.ports, buildId);
    await playAgent(stage);
    // Whoever ended it died before he told anybody.
    const publish = () => Promise.reject(new Error('He died.'));
    const dying: Ports = { ...stage.ports, bus: { ...stage.ports.bus, publish } };
    await expect(onJobComplete(dying, id)).rejects.toThrow('He died.');
    const record = await stage.newest();
    expect(record.phase).toBe('succeeded');
    await deleteInspection(stage.ports, id);
    expect(await leftOf(stage, record)).toEqual([]);
    const told = stage.bus.events.filter(({ type }) => type === 'amun.inspection.complete');
    expect(told).toHaveLength(1);
    expect(await hasMark(stage.layout, { kind: 'job', id }, 'collected')).toBe(true);
  });
});
