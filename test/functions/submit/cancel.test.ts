import { cancel } from '../../../functions/submit/cancel.js';
import { submit } from '../../../functions/submit/submit.js';
import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { hasMark } from '../../../shared/cluster/local/read-cluster.js';
import { runLogKey } from '../../../shared/lifecycle/artifact-keys.js';
import { openStage, specify, type Stage } from '../../shared/lifecycle/open-stage.js';
import {
  endBuild,
  playAgent,
  runLog,
  startBuildInCluster,
  STARTED,
  writeRuns,
} from '../../shared/lifecycle/play-agent.js';
import { runUntilQuiet } from '../../shared/lifecycle/run-until-quiet.js';

describe('cancel', () => {
  let stage: Stage;
  let id: string;
  let buildId: string;
  beforeEach(async () => {
    stage = await openStage();
    await submit(stage.ports, specify({ batch_size: 2 }));
    ({ id, buildId } = await stage.newest());
  });
  afterEach(() => stage.close());

  const isBuildCancelled = () => hasMark(stage.layout, { kind: 'build', id: buildId }, 'cancel');
  async function run(): Promise<void> {
    await endBuild(stage, buildId);
    await onBuildComplete(stage.ports, buildId);
    await writeRuns(stage, id, () => ({ state: 'running', startedAt: STARTED }));
  }

  it('ends an inspection that is built, and the build', async () => {
    await startBuildInCluster(stage, buildId);
    expect(await cancel(stage.ports, id)).toMatchObject({
      phase: 'cancelled',
      reason: 'Cancelled',
      finished: '2026-01-01T12:00:00.000Z',
    });
    expect(await isBuildCancelled()).toBe(true);
    expect(await stage.ports.store.inFlight.list()).toEqual([]);
  });

  it('leaves the build to others who wait for it', async () => {
    await submit(stage.ports, specify());
    await cancel(stage.ports, id);
    expect(await isBuildCancelled()).toBe(false);
    await runUntilQuiet(stage);
    expect((await stage.records()).map(({ phase }) => phase)).toEqual(['cancelled', 'succeeded']);
  });

  it('leaves the build to somebody who is joining at this moment', async () => {
    const joining = { buildId, inspectionId: 'inspection-0000000000000000' };
    await stage.ports.store.inFlight.add(joining);
    await cancel(stage.ports, id);
    expect(await isBuildCancelled()).toBe(false);
  });

  it('ends the build once the last of those who share it is cancelled', async () => {
    await submit(stage.ports, specify());
    await submit(stage.ports, specify());
    const ids = (await stage.records()).map((record) => record.id);
    await Promise.all(ids.map((each) => cancel(stage.ports, each)));
    expect(await isBuildCancelled()).toBe(true);
  });

  it('ends the runs, and keeps what they have left', async () => {
    await run();
    expect(await cancel(stage.ports, id)).toMatchObject({
      phase: 'running',
      cancelRequested: true,
    });
    expect(await isBuildCancelled()).toBe(false);
    await playAgent(stage);
    await runUntilQuiet(stage);
    expect(await stage.newest()).toMatchObject({
      phase: 'cancelled',
      reason: 'Cancelled',
      job: { runs: [{ reason: 'Cancelled' }, { reason: 'Cancelled' }] },
    });
    const stored = await stage.ports.store.artifacts.get(runLogKey(id, 1));
    expect(Buffer.from(stored!).toString()).toBe(runLog(1));
  });

  it('may be asked twice until it has happened', async () => {
    await run();
    await cancel(stage.ports, id);
    expect(await cancel(stage.ports, id)).toMatchObject({ cancelRequested: true });
  });

  it('refuses what has ended, and changes nothing', async () => {
    await runUntilQuiet(stage);
    const before = await stage.newest();
    await expect(cancel(stage.ports, id)).rejects.toMatchObject({
      code: 'AlreadyFinished',
      message: `${id} has ended already: succeeded.`,
    });
    expect(await stage.newest()).toEqual(before);
  });

  it('refuses what nobody submitted', async () => {
    await expect(cancel(stage.ports, 'inspection-0000000000000000')).rejects.toMatchObject({
      code: 'NotFound',
    });
  });
});
