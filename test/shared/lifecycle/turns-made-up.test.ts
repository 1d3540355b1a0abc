import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { AmunError } from '../../../shared/errors/amun-error.js';
import type { CountedStage } from './count-under-way.js';
import { endBuild } from './play-agent.js';
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

  describe('that nobody was told of', () => {
    it('are made up for where a hint is lost', async () => {
      await open(1, 1);
      const [first, second] = await turns.submitAll(BASES.slice(0, 2));
      await turns.build(first!.buildId);
      // The hint is never delivered.
      expect(stage.started).not.toContain(second!.buildId);
      await turns.reconcile();
      expect(stage.started).toContain(second!.buildId);
      await turns.build(second!.buildId);
      await turns.run(first!.id);
      await turns.reconcile();
      expect(await turns.record(second!.id)).toMatchObject({ phase: 'running' });
    });

    it('are made up for where somebody dies between leaving and telling', async () => {
      await open(1, 1);
      const [first, second] = await turns.submitAll(BASES.slice(0, 2));
      await endBuild(stage, first!.buildId);
      const dying = { ...stage.ports, bus: { ...stage.ports.bus, publish: die } };
      await expect(onBuildComplete(dying, first!.buildId)).rejects.toThrow('Dead.');
      expect(await turns.queued('builds')).toEqual([second!.buildId]);
      await runUntilQuiet(stage);
      expect((await stage.records()).map(({ phase }) => phase)).toEqual(['succeeded', 'succeeded']);
    });

    it('are told of by whoever ends next', async () => {
      await open(2, 100);
      const all = (await turns.submitAll(BASES)).map(({ buildId }) => buildId);
      await endBuild(stage, all[0]!);
      const dying = { ...stage.ports, bus: { ...stage.ports.bus, publish: die } };
      await expect(onBuildComplete(dying, all[0]!)).rejects.toThrow('Dead.');
      await turns.build(all[1]!);
      expect(turns.hints()).toEqual([all[2], all[3]]);
    });

    it('are no strays before they come', async () => {
      await open(1, 1);
      const all = await turns.submitAll(BASES.slice(0, 3));
      expect(await turns.reconcile()).toBe(0);
      for (const { buildId } of all) {
        await turns.build(buildId);
        await turns.deliverHints();
      }
      expect(await turns.reconcile()).toBe(0);
      expect(await turns.queued('runs')).toHaveLength(3);
    });
  });

  describe('that nobody wants', () => {
    const nobody = 'inspection-0000000000000000';

    it.each(['builds', 'runs'] as const)('are taken away from %s', async (name) => {
      await open(1, 1);
      const queue = stage.ports.store.queues[name];
      const left = name === 'runs' ? nobody : `build-${'a'.repeat(32)}-1`;
      await queue.enter(left, 1);
      await queue.begin(left);
      await queue.enter(`${left}1`, 1);
      const [first] = await turns.submitAll(['fedora:38']);
      await runUntilQuiet(stage);
      expect(await turns.record(first!.id)).toMatchObject({ phase: 'succeeded' });
      expect(await turns.queued(name)).toEqual([]);
    });

    it('are taken away where the build is over, though those who waited for it still run', async () => {
      await open(1, 100);
      const [first, second] = await turns.submitAll(BASES.slice(0, 2));
      await turns.build(first!.buildId);
      // As if whoever stored the outcome had died, and its event had never come again.
      const { builds } = stage.ports.store.queues;
      await builds.leave(second!.buildId);
      await builds.enter(first!.buildId, 1);
      await builds.begin(first!.buildId);
      await builds.enter(second!.buildId, 1);
      await turns.reconcile();
      expect(await turns.queued('builds')).toEqual([second!.buildId]);
    });
  });
});

function die(): Promise<never> {
  return Promise.reject(new AmunError('Unavailable', 'Dead.'));
}
