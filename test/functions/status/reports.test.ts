import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { onJobComplete } from '../../../functions/on-job-complete/on-job-complete.js';
import { cancel } from '../../../functions/submit/cancel.js';
import { submit } from '../../../functions/submit/submit.js';
import { runReportKey } from '../../../shared/lifecycle/artifact-keys.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import { expectRefusal } from '../call-function.js';
import { openStage, specify, type Stage } from '../../shared/lifecycle/open-stage.js';
import {
  clear,
  endBuild,
  FINISHED,
  STARTED,
  writeRuns,
} from '../../shared/lifecycle/play-agent.js';
import { runUntilQuiet } from '../../shared/lifecycle/run-until-quiet.js';
import { ask } from './ask.js';

/** What a client of any generation refuses to find null in a report. */
const NEVER_NULL = [
  'exit_code',
  'hwinfo',
  'script_sha256',
  'stderr',
  'stdout',
  'usage',
  'runtime_environment',
  'os_release',
];

describe('reports', () => {
  let stage: Stage;
  let id: string;
  beforeEach(async () => {
    stage = await openStage();
    await submit(stage.ports, specify({ batch_size: 3 }));
    id = (await stage.newest()).id;
  });
  afterEach(() => stage.close());

  const get = (what: string) => ask(stage, `/inspect/${id}/${what}`);
  /** Run 0 has ended, the others go on. */
  async function endFirstRun(): Promise<void> {
    const { buildId } = await stage.newest();
    await endBuild(stage, buildId);
    await onBuildComplete(stage.ports, buildId);
    await writeRuns(stage, id, (item) =>
      item === 0
        ? { state: 'terminated', exitCode: 4, startedAt: STARTED, finishedAt: FINISHED }
        : { state: 'running', startedAt: STARTED },
    );
  }

  it.each([
    ['job/0/log', 'log'],
    ['job/0/result', 'result'],
    ['job/log', 'log'],
  ])('%s is the report once the inspection has ended', async (what, name) => {
    await runUntilQuiet(stage);
    const { status, body } = await get(what);
    expect(status).toBe(200);
    const report = body[name] as Record<string, unknown>;
    expect(report).toMatchObject({ exit_code: 0, stdout: 'hello from run 0\n' });
    for (const field of NEVER_NULL)
      expect([field, report[field] ?? null]).not.toEqual([field, null]);
  });

  it('there is none while the run goes on', async () => {
    expectRefusal(await get('job/1/result'), 404, 'NotFound');
    const { status, body } = await get('job/log');
    expect(status).toBe(202);
    expect(body).toEqual({
      error: `Run 0 of ${id} has not ended yet; ask again.`,
      parameters: { inspection_id: id },
      code: 'NotFound',
    });
  });

  it('is made on the spot for a run that has ended while others go on', async () => {
    await endFirstRun();
    expect((await get('job/0/result')).body).toMatchObject({
      result: { exit_code: 4, stdout: 'hello from run 0\n' },
      parameters: { inspection_id: id, item: 0 },
    });
    expectRefusal(await get('job/1/result'), 404, 'NotFound');
    expect(await stage.ports.store.artifacts.get(runReportKey(id, 0))).toBeUndefined();
  });

  it('is the stored one where the job is collected while it is made', async () => {
    await endFirstRun();
    const { cluster } = stage.ports;
    const logs: Ports['cluster']['logs'] = async function* (target, options) {
      await writeRuns(stage, id, () => ({ state: 'terminated', exitCode: 0 }));
      await onJobComplete(stage.ports, id);
      await clear(stage, { kind: 'job', id });
      yield* cluster.logs(target, options);
    };
    const ports = { ...stage.ports, cluster: { ...cluster, logs } };
    const { body } = await ask({ ...stage, ports }, `/inspect/${id}/job/0/result`);
    expect(body).toMatchObject({ result: { stdout: 'hello from run 0\n' } });
  });

  it('all come together, in order, with the status that clients read beside them', async () => {
    await endFirstRun();
    const before = (await get('job/logs')).body;
    expect(before['logs']).toMatchObject([{ exit_code: 4 }]);
    await runUntilQuiet(stage);
    const { body } = await get('job/logs');
    expect(body['logs']).toMatchObject([
      { stdout: 'hello from run 0\n' },
      { stdout: 'hello from run 1\n' },
      { stdout: 'hello from run 2\n' },
    ]);
    expect(body['status']).toEqual((await get('status')).body['status']);
  });

  it('are refused together where they are too large, and given one by one', async () => {
    await runUntilQuiet(stage);
    const stored = await stage.ports.store.artifacts.get(runReportKey(id, 0));
    const known = JSON.parse(Buffer.from(stored!).toString()) as object;
    const report = JSON.stringify({ ...known, stdout: 'x'.repeat(30 * 1024 * 1024) });
    for (const item of [0, 1, 2])
      await stage.ports.store.artifacts.put(runReportKey(id, item), report);
    expectRefusal(await get('job/logs'), 413, 'TooLarge');
    expect((await get('job/2/result')).status).toBe(200);
  });

  it.each(['job/0/result', 'job/log', 'job/0/log'])(
    'there is none of a run that never was: %s says why',
    async (what) => {
      await cancel(stage.ports, id);
      const answered = await get(what);
      expectRefusal(answered, 404, 'NotFound');
      expect(answered.body['error']).toContain('It was cancelled on request.');
    },
  );

  it('there is none of a build-only inspection', async () => {
    await submit(stage.ports, specify({ script: null }));
    ({ id } = await stage.newest());
    expectRefusal(await get('job/log'), 404, 'NotFound');
    expect((await get('job/0/result')).body['error']).toContain('build only');
    expect((await get('job/logs')).body['logs']).toEqual([]);
  });
});
