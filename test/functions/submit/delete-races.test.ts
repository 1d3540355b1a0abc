import { cancel } from '../../../functions/submit/cancel.js';
import { deleteInspection } from '../../../functions/submit/delete.js';
import { submit } from '../../../functions/submit/submit.js';
import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { onJobComplete } from '../../../functions/on-job-complete/on-job-complete.js';
import { hasMark } from '../../../shared/cluster/local/read-cluster.js';
import { isAmunError } from '../../../shared/errors/amun-error.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import { inRandomOrders } from '../../shared/lifecycle/in-random-orders.js';
import { openStage, specify, type Stage } from '../../shared/lifecycle/open-stage.js';
import { endBuild, playAgent } from '../../shared/lifecycle/play-agent.js';
import { runUntilQuiet } from '../../shared/lifecycle/run-until-quiet.js';
import { wrapPorts } from '../../shared/lifecycle/wrap-ports.js';
import { leftOf } from './deleted-inspection.js';

const SPECIFICATION = specify({ batch_size: 2 });

describe('deleting while others are at it', () => {
  /** Ports of somebody who is held up before his n-th call of that name, while something happens. */
  function heldUp(ports: Ports, at: string, n: number, meanwhile: () => Promise<void>): Ports {
    let calls = 0;
    return wrapPorts(ports, async (name, call) => {
      if (name === at && (calls += 1) === n) await meanwhile();
      return call();
    });
  }

  it.each([
    [1, 1],
    [1, 2],
    [2, 1],
    [2, 4],
    [5, 1],
  ])('removes what a late collector of %s runs stores from its piece %s on', async (runs, n) => {
    const stage = await openStage();
    try {
      await submit(stage.ports, specify({ batch_size: runs }));
      const record = await stage.newest();
      await endBuild(stage, record.buildId);
      await onBuildComplete(stage.ports, record.buildId);
      await playAgent(stage);
      const late = heldUp(stage.ports, 'store.artifacts.put', n, async () => {
        await onJobComplete(stage.ports, record.id);
        await deleteInspection(stage.ports, record.id);
      });
      await onJobComplete(late, record.id);
      expect(await leftOf(stage, record)).toEqual([]);
    } finally {
      await stage.close();
    }
  });

  it('ends a job that somebody asked for meanwhile', async () => {
    const stage = await openStage();
    try {
      await submit(stage.ports, SPECIFICATION);
      const record = await stage.newest();
      await endBuild(stage, record.buildId);
      const late = heldUp(stage.ports, 'cluster.ensureJob', 1, async () => {
        await cancel(stage.ports, record.id);
        await deleteInspection(stage.ports, record.id);
      });
      await onBuildComplete(late, record.buildId);
      const job = { kind: 'job', id: record.id } as const;
      const marks = ['cancel', 'collected'] as const;
      const found = await Promise.all(marks.map((mark) => hasMark(stage.layout, job, mark)));
      expect(found).toEqual([true, true]);
      expect(await leftOf(stage, record)).toEqual([]);
    } finally {
      await stage.close();
    }
  });

  it('leaves nothing behind, in every order of their steps', async () => {
    const open = async (): Promise<Stage> => {
      const stage = await openStage();
      await submit(stage.ports, SPECIFICATION);
      const { buildId } = await stage.newest();
      await endBuild(stage, buildId);
      await onBuildComplete(stage.ports, buildId);
      await playAgent(stage);
      return stage;
    };
    let deletions = 0;
    await inRandomOrders(
      40,
      open,
      (stage) => stage.close(),
      async (stage, scheduler) => {
        const record = await stage.newest();
        const { id } = record;
        const ports = wrapPorts(stage.ports, (_name, call) => scheduler.scheduleFunction(call)());
        const tryToDelete = async (): Promise<void> => {
          // Before that it would be refused; from then on it goes on among the others' steps.
          while ((await stage.ports.store.inspections.get(id))?.value.phase === 'running') {
            await new Promise(setImmediate);
          }
          try {
            await deleteInspection(ports, id);
            deletions += 1;
          } catch (error) {
            if (!isAmunError(error, 'NotFound')) throw error;
          }
        };
        const late = async (): Promise<void> => {
          await onJobComplete(ports, id);
        };
        await scheduler.waitFor(Promise.all([late(), tryToDelete(), late(), tryToDelete()]));
        await runUntilQuiet(stage);
        expect(await leftOf(stage, record)).toEqual([]);
        const told = stage.bus.events.filter(({ type }) => type === 'amun.inspection.complete');
        expect(told).toHaveLength(1);
      },
    );
    expect(deletions).toBeGreaterThan(0);
  }, 120_000);
});
