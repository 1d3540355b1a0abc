import { submit } from '../../../functions/submit/submit.js';
import { AmunError } from '../../../shared/errors/amun-error.js';
import { buildLogKey, specificationKey } from '../../../shared/lifecycle/artifact-keys.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import { recordBuild } from '../../../shared/lifecycle/record-build.js';
import { openStage, specify, type Stage } from './open-stage.js';
import {
  BUILD_LOG,
  clear,
  endBuild,
  imageOf,
  loseFromCluster,
  startBuildInCluster,
} from './play-agent.js';

const record = (ports: Ports, id: string, waiting: readonly string[]) =>
  recordBuild(ports, id, () => Promise.resolve(waiting));

const UNKNOWN = `build-${'b'.repeat(32)}-1`;

describe('recordBuild', () => {
  let stage: Stage;
  let id: string;
  let inspection: string;
  beforeEach(async () => {
    stage = await openStage();
    await submit(stage.ports, specify());
    ({ buildId: id, id: inspection } = await stage.newest());
  });
  afterEach(() => stage.close());

  const outcome = async () => (await stage.ports.store.builds.get(id))?.value.outcome;
  const log = async () =>
    Buffer.from((await stage.ports.store.artifacts.get(buildLogKey(id))) ?? '').toString();
  /** As if whoever submitted had died before the build was started. */
  async function forgetStart(): Promise<void> {
    await loseFromCluster(stage, { kind: 'build', id });
    await stage.ports.store.builds.remove(id);
  }

  describe('that is stalled', () => {
    const stalled = (error?: Error): Ports => {
      const cluster = {
        ...stage.ports.cluster,
        observeBuild: () => Promise.resolve({ state: 'waiting', stalled: true } as const),
        resume: () => (error === undefined ? Promise.resolve() : Promise.reject(error)),
      };
      return { ...stage.ports, cluster };
    };

    it('goes on', async () => {
      expect(await record(stalled(), id, [inspection])).toBeUndefined();
      expect(await outcome()).toBeUndefined();
    });

    it('ends where the cluster refuses that for good, and in no other case', async () => {
      const passing = new AmunError('Unavailable', 'Not now.');
      await expect(record(stalled(passing), id, [inspection])).rejects.toBe(passing);
      const refusal = new AmunError('Forbidden', 'pods is forbidden');
      expect(await record(stalled(refusal), id, [inspection])).toEqual(await outcome());
      expect(await outcome()).toMatchObject({
        state: 'terminated',
        reason: 'ClusterError',
        message: 'pods is forbidden',
      });
    });
  });

  it('waits for a build under way', async () => {
    await startBuildInCluster(stage, id);
    expect(await record(stage.ports, id, [inspection])).toBeUndefined();
    expect(await outcome()).toBeUndefined();
  });

  it('stores log and outcome of a build that has ended', async () => {
    await endBuild(stage, id);
    expect(await record(stage.ports, id, [inspection])).toEqual(await outcome());
    expect(await outcome()).toMatchObject({ state: 'terminated', image: imageOf(id) });
    expect(await log()).toBe(BUILD_LOG);
  });

  it('keeps the first outcome and the whole log once the cluster has dropped both', async () => {
    await endBuild(stage, id);
    await record(stage.ports, id, [inspection]);
    const first = await outcome();
    await stage.ports.cluster.collected({ kind: 'build', id });
    await clear(stage, { kind: 'build', id });
    expect(await record(stage.ports, id, [inspection])).toEqual(await outcome());
    await loseFromCluster(stage, { kind: 'build', id });
    expect(await record(stage.ports, id, [inspection])).toEqual(await outcome());
    expect(await outcome()).toEqual(first);
    expect(await log()).toBe(BUILD_LOG);
  });

  it('leaves the log alone that somebody else stores while it looks', async () => {
    await endBuild(stage, id);
    const { cluster } = stage.ports;
    /** The build is recorded and collected, and its log dropped, before we read it. */
    const logs: Ports['cluster']['logs'] = async function* (target, options) {
      await record(stage.ports, id, [inspection]);
      await cluster.collected({ kind: 'build', id });
      await clear(stage, { kind: 'build', id });
      yield* cluster.logs(target, options);
    };
    const late = { ...stage.ports, cluster: { ...cluster, logs } };
    expect(await record(late, id, [inspection])).toEqual(await outcome());
    expect(await log()).toBe(BUILD_LOG);
  });

  it('records a build that was started without a note, even where nobody waits any more', async () => {
    await stage.ports.store.builds.remove(id);
    await endBuild(stage, id);
    expect(await record(stage.ports, id, [])).toEqual(await outcome());
    expect(await outcome()).toMatchObject({ image: imageOf(id) });
  });

  it('ends a build that vanished as lost', async () => {
    await loseFromCluster(stage, { kind: 'build', id });
    expect(await record(stage.ports, id, [inspection])).toEqual(await outcome());
    expect(await outcome()).toMatchObject({ state: 'terminated', reason: 'Lost' });
  });

  it('starts a build that was never started', async () => {
    await forgetStart();
    expect(
      await record(stage.ports, id, ['inspection-0000000000000000', inspection]),
    ).toBeUndefined();
    expect(await stage.ports.cluster.observeBuild(id)).toMatchObject({ state: 'waiting' });
  });

  it('starts nothing for those who want nothing of it any more', async () => {
    await forgetStart();
    const { inspections } = stage.ports.store;
    const known = (await inspections.get(inspection))!;
    await inspections.replace(inspection, { ...known.value, cancelRequested: true }, known.version);
    expect(await record(stage.ports, id, [inspection])).toBeUndefined();
    expect(await stage.ports.cluster.observeBuild(id)).toBeUndefined();
  });

  it('starts it for the next one where the first has no specification any more', async () => {
    await forgetStart();
    await submit(stage.ports, specify());
    const other = (await stage.newest()).id;
    await stage.ports.store.artifacts.remove(specificationKey(inspection));
    await record(stage.ports, id, [inspection, other]);
    expect(await stage.ports.cluster.observeBuild(id)).toBeDefined();
  });

  it('notes for good what the cluster refuses for good', async () => {
    await forgetStart();
    expect(await record(refusing(stage.ports), id, [inspection])).toEqual(await outcome());
    expect(await outcome()).toMatchObject({ reason: 'ClusterError', message: 'Not here.' });
  });

  it.each([
    ['nobody waits for', []],
    ['a forged waiting list names', ['inspection-0000000000000000']],
  ])('does nothing about an unknown build that %s', async (_, waiting) => {
    expect(await record(stage.ports, UNKNOWN, waiting)).toBeUndefined();
    expect(await stage.ports.store.builds.get(UNKNOWN)).toBeUndefined();
    expect(await stage.ports.cluster.observeBuild(UNKNOWN)).toBeUndefined();
  });
});

function refusing(ports: Ports): Ports {
  const ensureBuild = () => Promise.reject(new AmunError('Forbidden', 'Not here.'));
  return { ...ports, cluster: { ...ports.cluster, ensureBuild } };
}
