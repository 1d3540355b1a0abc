import { submit } from '../../../functions/submit/submit.js';
import { Reconciler } from '../../../services/watcher/reconcile.js';
import { Sightings } from '../../../services/watcher/sightings.js';
import { openStage, specify, type Stage } from '../../shared/lifecycle/open-stage.js';
import { endBuild } from '../../shared/lifecycle/play-agent.js';
import { handle, runUntilQuiet } from '../../shared/lifecycle/run-until-quiet.js';

const ORPHAN_PASSES = 20;

describe('Reconciler', () => {
  let stage: Stage;
  let buildId: string;
  beforeEach(async () => {
    stage = await openStage();
    await submit(stage.ports, specify());
    ({ buildId } = await stage.newest());
  });
  afterEach(() => stage.close());

  const start = (at = stage.time) => new Reconciler(stage.ports, new Date(at));
  const hints = () => stage.bus.events.filter(({ type }) => type === 'amun.build.complete');
  const inFlight = () => stage.ports.store.inFlight.list();

  it('says nothing while all goes its way', async () => {
    const reconciler = start();
    for (let pass = 0; pass < 5; pass += 1) expect(await reconciler.reconcile()).toBe(0);
    expect(hints()).toEqual([]);
  });

  it('hints at what two passes in a row have seen, not at what is being handled', async () => {
    const reconciler = start();
    await endBuild(stage, buildId);
    expect(await reconciler.reconcile()).toBe(0);
    expect(await reconciler.reconcile()).toBe(1);
    expect(hints()).toMatchObject([{ subject: buildId }]);
  });

  it('hints again, with another event and ever more seldom, as long as nobody acts', async () => {
    const reconciler = start();
    await endBuild(stage, buildId);
    const passes: number[] = [];
    for (let pass = 1; pass <= 16; pass += 1) {
      if ((await reconciler.reconcile()) > 0) passes.push(pass);
    }
    expect(passes).toEqual([2, 4, 8, 16]);
    expect(new Set(hints().map(({ id }) => id)).size).toBe(4);
  });

  it('hints at once at what a quota holds back where something has ended elsewhere', async () => {
    const stalled = { state: 'waiting', stalled: true, held: true } as const;
    const sightings = new Sightings({
      observeBuild: () => Promise.resolve(stalled),
      observeJob: () => Promise.resolve(undefined),
    });
    sightings.note({ kind: 'build', id: buildId, observation: stalled });
    const reconciler = new Reconciler(stage.ports, new Date(stage.time), sightings);
    const passes: number[] = [];
    for (let pass = 1; pass <= 15; pass += 1) {
      if (pass === 11) sightings.note({ kind: 'gone', ref: { kind: 'job', id: 'another' } });
      if ((await reconciler.reconcile()) > 0) passes.push(pass);
    }
    expect(passes).toEqual([2, 4, 8, 11]);
  });

  it('forgets a suspicion once it is unfounded', async () => {
    const reconciler = start();
    await endBuild(stage, buildId);
    await reconciler.reconcile();
    await runUntilQuiet(stage);
    expect(await reconciler.reconcile()).toBe(0);
    expect(await reconciler.reconcile()).toBe(0);
  });

  it('hints beside others that do the same, and after a restart', async () => {
    await endBuild(stage, buildId);
    for (const reconciler of [start(), start(stage.time + 1), start(stage.time + 5000)]) {
      await reconciler.reconcile();
      expect(await reconciler.reconcile()).toBe(1);
    }
    expect(hints()).toHaveLength(3);
    for (const event of hints()) await handle(stage.ports, event);
    await runUntilQuiet(stage);
    expect(await stage.newest()).toMatchObject({ phase: 'succeeded' });
  });

  it('hints, with patience, at what was made once more after its end had been told', async () => {
    await runUntilQuiet(stage);
    const before = hints().length;
    const sightings = new Sightings(stage.ports.cluster);
    const reconciler = new Reconciler(stage.ports, new Date(stage.time), sightings);
    const observation = { state: 'terminated', image: 'sha256:0' } as const;
    sightings.note({ kind: 'build', id: buildId, observation });
    for (let pass = 1; pass < 6; pass += 1) expect(await reconciler.reconcile()).toBe(0);
    expect(await reconciler.reconcile()).toBe(1);
    expect(hints().slice(before)).toMatchObject([{ subject: buildId }]);
    sightings.note({ kind: 'gone', ref: { kind: 'build', id: buildId } });
    for (let pass = 1; pass < 12; pass += 1) expect(await reconciler.reconcile()).toBe(0);
  });

  describe('sweeps', () => {
    const nobody = 'inspection-0000000000000000';
    const isInFlight = async (inspectionId: string, build: string) =>
      (await inFlight()).some(
        (entry) => entry.inspectionId === inspectionId && entry.buildId === build,
      );
    async function pass(reconciler: Reconciler, times: number): Promise<void> {
      for (let n = 0; n < times; n += 1) await reconciler.reconcile();
    }

    it('who never got a record, with patience', async () => {
      await stage.ports.store.inFlight.add({ buildId, inspectionId: nobody });
      const reconciler = start();
      await pass(reconciler, ORPHAN_PASSES - 1);
      expect(await isInFlight(nobody, buildId)).toBe(true);
      await pass(reconciler, 1);
      expect(await isInFlight(nobody, buildId)).toBe(false);
      expect(await inFlight()).toHaveLength(1);
    });

    it('the entry of a build that an inspection has left, and that one only', async () => {
      const { id } = await stage.newest();
      const left = `build-${'a'.repeat(32)}-1`;
      await stage.ports.store.inFlight.add({ buildId: left, inspectionId: id });
      await pass(start(), ORPHAN_PASSES);
      expect(await inFlight()).toEqual([{ buildId, inspectionId: id }]);
    });

    it('nobody who gets a record in time', async () => {
      await stage.ports.store.inFlight.add({ buildId, inspectionId: nobody });
      const reconciler = start();
      await pass(reconciler, ORPHAN_PASSES - 1);
      const record = await stage.newest();
      await stage.ports.store.inspections.create(nobody, { ...record, id: nobody });
      await pass(reconciler, ORPHAN_PASSES);
      expect(await isInFlight(nobody, buildId)).toBe(true);
    });
  });

  it('fails where the store does not answer, and goes on with the next pass', async () => {
    const list = () => Promise.reject(new Error('Not now.'));
    const { store } = stage.ports;
    const inFlight = { add: list, remove: list, list, count: list };
    const ports = { ...stage.ports, store: { ...store, inFlight } };
    const reconciler = new Reconciler(ports, new Date(stage.time));
    await expect(reconciler.reconcile()).rejects.toThrow('Not now.');
    Object.assign(inFlight, { list: () => store.inFlight.list() });
    await endBuild(stage, buildId);
    await reconciler.reconcile();
    expect(await reconciler.reconcile()).toBe(1);
  });
});
