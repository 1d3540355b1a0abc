import { onBuildComplete } from '../../functions/on-build-complete/on-build-complete.js';
import { submit } from '../../functions/submit/submit.js';
import { readBuild } from '../../shared/cluster/local/read-cluster.js';
import type { InspectionRecord } from '../../shared/inspection/record.js';
import { openStage, specify, type Stage } from '../shared/lifecycle/open-stage.js';
import { type AgentPlan, endBuild } from '../shared/lifecycle/play-agent.js';
import { ask } from './status/ask.js';

const HOUR_MS = 3_600_000;
/** After noon, which is when the stage begins. */
const BUILT_MS = 120_000;
const python = {
  requirements: { packages: { six: '*' } },
  requirements_locked: { _meta: {}, default: {} },
};
const asking = (advise: object = {}) => specify({ python, advise, script: null });

const mark = (fields: object): string => `amun-advice:0123456789abcdef:${JSON.stringify(fields)}\n`;
const BEGIN = mark({ event: 'begin' });
const TAKEN = BEGIN + mark({ event: 'taken', analysis_id: 'adviser-1', score: 1 });
const FELL_BACK = BEGIN + mark({ event: 'fallback', reason: 'connection refused' });
const FAILED = BEGIN + mark({ event: 'failed', reason: 'no stack fits', code: '5' });

describe('advice for a build', () => {
  let stage: Stage;
  beforeEach(async () => {
    const hosts = ['thoth.example'];
    stage = await openStage({ buildCacheSeconds: 24 * 3600, thoth: { host: hosts[0], hosts } });
  });
  afterEach(() => stage.close());

  /** Submits, and lets the build end where it is a new one. @returns the record at the end */
  async function inspect(plan: AgentPlan, specification = asking()): Promise<InspectionRecord> {
    const { id } = await submit(stage.ports, specification);
    const { buildId } = (await stage.ports.store.inspections.get(id))!.value;
    if ((await readBuild(stage.layout, buildId))?.state !== 'terminated') {
      await endBuild(stage, buildId, plan);
      await onBuildComplete(stage.ports, buildId);
    }
    return (await stage.ports.store.inspections.get(id))!.value;
  }

  it('is kept with the build, in the record and in the status', async () => {
    const record = await inspect({ buildLog: TAKEN });
    const told = {
      state: 'taken',
      message:
        'The stack that Thoth recommends is installed; no version is another than in the lock that was sent.',
    };
    expect(record).toMatchObject({ phase: 'succeeded', build: { advice: told } });
    const { body: status } = await ask(stage, `/inspect/${record.id}/status`);
    const advice = { ...told, analysis_id: 'adviser-1' };
    expect(status).toMatchObject({ advice, status: { advice } });
    expect(await ask(stage, `/inspect/${record.id}/advice`)).toMatchObject({
      status: 200,
      body: { ...advice, score: 1, justification: [], changes: [], requirements_locked: null },
    });
  });

  it('is nothing where none was asked, whatever the log says', async () => {
    const record = await inspect({ buildLog: TAKEN }, specify({ python, script: null }));
    expect(record.build).not.toHaveProperty('advice');
    expect(await ask(stage, `/inspect/${record.id}/status`)).toMatchObject({
      body: { advice: null },
    });
    const { status, body } = await ask(stage, `/inspect/${record.id}/advice`);
    expect(status).toBe(404);
    expect(JSON.stringify(body)).toContain('did not ask Thoth for advice');
  });

  it('is not there before the build has ended, nor where it ended before', async () => {
    const { id } = await submit(stage.ports, asking());
    const early = await ask(stage, `/inspect/${id}/advice`);
    expect(early.status).toBe(404);
    expect(JSON.stringify(early.body)).toContain('ask again later');
    const { buildId } = (await stage.ports.store.inspections.get(id))!.value;
    await endBuild(stage, buildId, { build: { reason: 'BaseImageNotFound' } });
    await onBuildComplete(stage.ports, buildId);
    const late = await ask(stage, `/inspect/${id}/advice`);
    expect(JSON.stringify(late.body)).toContain('ended before Thoth was asked');
  });

  it('that failed is why the build did', async () => {
    const plan = { buildLog: FAILED, build: { reason: 'BuildFailed' } } as const;
    const record = await inspect(plan, asking({ fallback: false }));
    expect(record).toMatchObject({
      phase: 'failed',
      reason: 'AdviceFailed',
      message: 'There was no advice from Thoth to build with. (no stack fits)',
    });
  });

  it('that failed does not hide that the build had no time, or no memory', async () => {
    const plan = { buildLog: FAILED, build: { reason: 'BuildTimedOut' } } as const;
    expect(await inspect(plan)).toMatchObject({ reason: 'BuildTimedOut' });
  });

  it('serves others for three hours, however long builds do', async () => {
    const first = await inspect({ buildLog: TAKEN });
    stage.time += BUILT_MS + 3 * HOUR_MS;
    expect((await inspect({ buildLog: TAKEN })).buildId).toBe(first.buildId);
    stage.time += 1;
    expect((await inspect({ buildLog: TAKEN })).buildId).not.toBe(first.buildId);
  });

  it('without advice, a build serves as long as it is told', async () => {
    const plain = specify({ python, script: null });
    const first = await inspect({}, plain);
    stage.time += 23 * HOUR_MS;
    expect((await inspect({}, plain)).buildId).toBe(first.buildId);
  });

  it('is asked anew where it is forced, for the same stack', async () => {
    const first = await inspect({ buildLog: TAKEN });
    const forced = await inspect({ buildLog: TAKEN }, asking({ force: true }));
    expect(forced.buildId).toBe(first.buildId.replace(/-1$/, '-2'));
    expect((await inspect({})).buildId).toBe(forced.buildId);
  });

  it('is asked anew by whoever comes after a build that went on without', async () => {
    const first = await inspect({ buildLog: FELL_BACK });
    expect(first).toMatchObject({ phase: 'succeeded', build: { advice: { state: 'fell_back' } } });
    expect((await inspect({ buildLog: TAKEN })).buildId).not.toBe(first.buildId);
  });

  it('is refused where nobody may be asked: nothing is stored', async () => {
    const asked = submit(stage.ports, asking({ host: 'elsewhere.example' }));
    await expect(asked).rejects.toThrow('"elsewhere.example" is none of the Thoths');
    expect(await stage.records()).toEqual([]);
  });
});
