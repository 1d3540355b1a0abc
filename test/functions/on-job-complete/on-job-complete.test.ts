import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { onJobComplete } from '../../../functions/on-job-complete/on-job-complete.js';
import { submit } from '../../../functions/submit/submit.js';
import { hasMark } from '../../../shared/cluster/local/read-cluster.js';
import { openStage, specify, type Stage } from '../../shared/lifecycle/open-stage.js';
import {
  clear,
  endBuild,
  endJob,
  loseFromCluster,
  STARTED,
  writeRuns,
} from '../../shared/lifecycle/play-agent.js';

describe('on-job-complete', () => {
  let stage: Stage;
  let id: string;
  beforeEach(async () => {
    stage = await openStage();
    await submit(stage.ports, specify({ batch_size: 2 }));
    const { buildId } = await stage.newest();
    id = (await stage.newest()).id;
    await endBuild(stage, buildId);
    await onBuildComplete(stage.ports, buildId);
  });
  afterEach(() => stage.close());

  const isCollected = () => hasMark(stage.layout, { kind: 'job', id }, 'collected');

  it('ends the inspection and lets the cluster clear the job away', async () => {
    await endJob(stage, id);
    expect(await onJobComplete(stage.ports, id)).toBe('succeeded');
    expect(await isCollected()).toBe(true);
    expect(await stage.ports.store.inFlight.list()).toEqual([]);
  });

  it.each(['waiting', 'running'] as const)('leaves a job alone that is %s', async (state) => {
    await writeRuns(stage, id, (item) =>
      item === 0 ? { state: 'terminated', exitCode: 0 } : { state, startedAt: STARTED },
    );
    expect(await onJobComplete(stage.ports, id)).toBe('running');
    expect(await isCollected()).toBe(false);
  });

  it('knows nothing of an inspection that nobody submitted', async () => {
    expect(await onJobComplete(stage.ports, 'inspection-0000000000000000')).toBeUndefined();
  });

  it('comes to the same end however often, and however late', async () => {
    await endJob(stage, id);
    await Promise.all([1, 2, 3].map(() => onJobComplete(stage.ports, id)));
    const first = await stage.newest();
    await clear(stage, { kind: 'job', id });
    await onJobComplete(stage.ports, id);
    await loseFromCluster(stage, { kind: 'job', id });
    expect(await onJobComplete(stage.ports, id)).toBe('succeeded');
    expect(await stage.newest()).toEqual(first);
    const ends = stage.bus.events.filter(({ type }) => type === 'amun.inspection.complete');
    expect(ends).toHaveLength(1);
  });

  it('is not led astray by an event about an inspection that is still built', async () => {
    await submit(stage.ports, specify({ base: 'debian:12' }));
    const { id: other } = await stage.newest();
    expect(await onJobComplete(stage.ports, other)).toBe('queued');
    expect(await stage.ports.cluster.observeJob(other)).toBeUndefined();
  });
});
