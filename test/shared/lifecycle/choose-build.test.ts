import { buildId } from '../../../shared/inspection/identity.js';
import { chooseBuild } from '../../../shared/lifecycle/choose-build.js';
import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { startBuild } from '../../../shared/lifecycle/start-build.js';
import { openStage, specify, type Stage } from './open-stage.js';
import {
  clear,
  endBuild,
  imageOf,
  loseFromCluster,
  removeImage,
  startBuildInCluster,
  type AgentPlan,
} from './play-agent.js';

const KEY = 'a'.repeat(32);
const FIRST = buildId(KEY, 1);
const SECOND = buildId(KEY, 2);
const HOUR_MS = 3_600_000;

describe('chooseBuild', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage({ buildCacheSeconds: 3600 });
  });
  afterEach(() => stage.close());

  const choose = (force = false) => chooseBuild(stage.ports, KEY, force);
  /** Makes the first build and, where a plan is given, ends and records it. */
  async function makeFirst(plan?: AgentPlan): Promise<void> {
    const { record } = await choose();
    await startBuild(stage.ports, record, specify());
    if (plan === undefined) return startBuildInCluster(stage, FIRST);
    await endBuild(stage, FIRST, plan);
    await onBuildComplete(stage.ports, FIRST);
  }
  const expectJoined = async () =>
    expect(await choose()).toMatchObject({ created: false, record: { id: FIRST } });
  const expectNew = async () =>
    expect(await choose()).toMatchObject({ created: true, record: { id: SECOND, generation: 2 } });

  it('creates the first build of a stack', async () => {
    expect(await choose()).toMatchObject({ created: true, record: { id: FIRST, generation: 1 } });
  });

  it('lets one of many callers create, and the others join', async () => {
    const chosen = await Promise.all(Array.from({ length: 50 }, () => choose()));
    expect(chosen.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(chosen.map(({ record }) => record.id))).toEqual(new Set([FIRST]));
  });

  it('joins a build that is about to be started', async () => {
    await choose();
    await expectJoined();
  });

  it('joins a build under way', async () => {
    await makeFirst();
    await expectJoined();
  });

  it('reuses a good build within the cache time', async () => {
    await makeFirst({});
    // The build ended two minutes after noon.
    stage.time += 120_000 + HOUR_MS;
    await expectJoined();
    expect((await choose()).record.outcome?.image).toBe(imageOf(FIRST));
  });

  it('makes a new one after the cache time', async () => {
    await makeFirst({});
    stage.time += 120_001 + HOUR_MS;
    await expectNew();
  });

  it('makes a new one where it is forced', async () => {
    await makeFirst({});
    expect(await choose(true)).toMatchObject({ created: true, record: { id: SECOND } });
  });

  it('gives each of many who force one of its own', async () => {
    const chosen = await Promise.all(Array.from({ length: 10 }, () => choose(true)));
    expect(new Set(chosen.map(({ record }) => record.id)).size).toBe(10);
  });

  it('makes a new one where the image is gone', async () => {
    await makeFirst({});
    await removeImage(stage, imageOf(FIRST));
    await expectNew();
  });

  it.each(['BuildFailed', 'Cancelled', 'Lost', 'BuildTimedOut'] as const)(
    'does not reuse a build that ended as %s',
    async (reason) => {
      await makeFirst({ build: { reason } });
      await expectNew();
    },
  );

  it('does not reuse a build that was cancelled though it had made its image', async () => {
    await makeFirst({ build: { reason: 'Cancelled', image: imageOf(FIRST) } });
    await expectNew();
  });

  it('does not join a build that has failed and is not recorded yet', async () => {
    await makeFirst();
    await endBuild(stage, FIRST, { build: { reason: 'BuildFailed' } });
    await expectNew();
  });

  it('does not join a build that has vanished', async () => {
    await makeFirst();
    await loseFromCluster(stage, { kind: 'build', id: FIRST });
    await expectNew();
  });

  it('reuses a build whose leftovers the cluster has cleared away', async () => {
    await makeFirst({});
    await clear(stage, { kind: 'build', id: FIRST });
    await expectJoined();
  });
});
