import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { submit } from '../../../functions/submit/submit.js';
import { AmunError } from '../../../shared/errors/amun-error.js';
import type { Json } from '../../../shared/inspection/specification.js';
import { summaryKey } from '../../../shared/lifecycle/artifact-keys.js';
import { openStage, specify, type Stage } from '../../shared/lifecycle/open-stage.js';
import { endBuild, FINISHED, STARTED, writeRuns } from '../../shared/lifecycle/play-agent.js';
import { runUntilQuiet } from '../../shared/lifecycle/run-until-quiet.js';
import { ask } from './ask.js';
import { letPrint } from './let-print.js';

describe('job/summary', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.close());

  async function begin(fields: Record<string, unknown>): Promise<string> {
    return (await submit(stage.ports, specify(fields))).id;
  }
  const summaryOf = (id: string) => ask(stage, `/inspect/${id}/job/summary`);
  const keptOf = (id: string) => stage.ports.store.artifacts.get(summaryKey(id));

  it('counts the runs and makes statistics of what they printed and used', async () => {
    const id = await begin({ batch_size: 4 });
    await runUntilQuiet(stage, { run: (item) => (item === 3 ? { exitCode: 1 } : {}) });
    const numbers: Json[] = [{ seconds: 1 }, { seconds: 2, extra: [5] }, 'text', { seconds: 6 }];
    await letPrint(stage, id, numbers, { ru_utime: 0.25 });
    const { status, body } = await summaryOf(id);
    expect(status).toBe(200);
    expect(body).toEqual({
      inspection_id: id,
      batch_size: 4,
      outcomes: { succeeded: 3, pending: 0, ScriptFailed: 1 },
      statistics: {
        '/seconds': { count: 3, min: 1, max: 6, mean: 3, median: 2, stddev: Math.sqrt(7) },
        '/extra/0': { count: 1, min: 5, max: 5, mean: 5, median: 5, stddev: null },
      },
      statistics_complete: true,
      usage: {
        ru_utime: { count: 4, min: 0.25, max: 0.25, mean: 0.25, median: 0.25, stddev: 0 },
      },
      parameters: { inspection_id: id },
    });
  });

  it('is worked out once for an inspection that has ended', async () => {
    const id = await begin({ batch_size: 2 });
    await runUntilQuiet(stage);
    await letPrint(stage, id, [{ n: 1 }, { n: 2 }]);
    const first = await summaryOf(id);
    expect(await keptOf(id)).toBeDefined();
    await letPrint(stage, id, [{ n: 100 }, { n: 200 }]);
    expect((await summaryOf(id)).body).toEqual(first.body);
  });

  it('makes its own where a later version kept another', async () => {
    const id = await begin({});
    await runUntilQuiet(stage);
    await stage.ports.store.artifacts.put(summaryKey(id), '{"version": 2, "novelty": true}');
    expect((await summaryOf(id)).body).toMatchObject({ outcomes: { succeeded: 1 } });
  });

  it('counts runs that go on as pending, and keeps nothing of it', async () => {
    const id = await begin({ batch_size: 3 });
    expect((await summaryOf(id)).body).toMatchObject({
      outcomes: { succeeded: 0, pending: 3 },
      statistics: {},
      usage: {},
    });
    const { buildId } = await stage.newest();
    await endBuild(stage, buildId);
    await onBuildComplete(stage.ports, buildId);
    const times = { startedAt: STARTED, finishedAt: FINISHED };
    await writeRuns(stage, id, (item) =>
      item === 2
        ? { state: 'running', startedAt: STARTED }
        : { state: 'terminated', exitCode: item, ...times },
    );
    expect((await summaryOf(id)).body).toMatchObject({
      outcomes: { succeeded: 1, ScriptFailed: 1, pending: 1 },
    });
    expect(await keptOf(id)).toBeUndefined();
    await runUntilQuiet(stage);
    expect((await summaryOf(id)).body).toMatchObject({
      outcomes: { succeeded: 2, ScriptFailed: 1, pending: 0 },
    });
  });

  it('gives runs that never were the reason of their inspection', async () => {
    const id = await begin({ batch_size: 5 });
    await runUntilQuiet(stage, { build: { reason: 'BuildFailed' } });
    expect((await summaryOf(id)).body).toMatchObject({
      outcomes: { succeeded: 0, pending: 0, BuildFailed: 5 },
      statistics: {},
    });
  });

  it('counts no runs of a build-only inspection', async () => {
    const id = await begin({ script: null });
    await runUntilQuiet(stage);
    expect((await summaryOf(id)).body).toMatchObject({ outcomes: { succeeded: 0, pending: 0 } });
  });

  it('leaves nothing behind of an inspection that is deleted meanwhile', async () => {
    const id = await begin({});
    await runUntilQuiet(stage);
    const { artifacts, inspections } = stage.ports.store;
    const put = artifacts.put.bind(artifacts);
    artifacts.put = async (key, content) => {
      await inspections.remove(id);
      return put(key, content);
    };
    expect((await summaryOf(id)).status).toBe(200);
    expect(await keptOf(id)).toBeUndefined();
  });

  it('answers although it could not be kept', async () => {
    const id = await begin({});
    await runUntilQuiet(stage);
    stage.ports.store.artifacts.put = () =>
      Promise.reject(new AmunError('Unavailable', 'The store is away.'));
    expect((await summaryOf(id)).body).toMatchObject({ outcomes: { succeeded: 1 } });
  });

  it('holds the reports of a few runs at a time', async () => {
    const id = await begin({ batch_size: 40 });
    await runUntilQuiet(stage);
    const { artifacts } = stage.ports.store;
    const get = artifacts.get.bind(artifacts);
    let [now, most, all] = [0, 0, 0];
    artifacts.get = async (key) => {
      if (!key.endsWith('/result')) return get(key);
      [now, all] = [now + 1, all + 1];
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return get(key);
    };
    await summaryOf(id);
    expect(all).toBe(40);
    expect(most).toBeLessThanOrEqual(4);
  });
});
