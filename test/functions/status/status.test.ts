import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { cancel } from '../../../functions/submit/cancel.js';
import { submit } from '../../../functions/submit/submit.js';
import { writeWhole } from '../../../shared/cluster/local/atomic-file.js';
import { queueFile } from '../../../shared/cluster/local/layout.js';
import { openStage, specify, type Stage } from '../../shared/lifecycle/open-stage.js';
import {
  endBuild,
  FINISHED,
  imageOf,
  startBuildInCluster,
  STARTED,
  writeRuns,
} from '../../shared/lifecycle/play-agent.js';
import { runUntilQuiet } from '../../shared/lifecycle/run-until-quiet.js';
import { ask } from './ask.js';

const CREATED = '2026-01-01T12:00:00.000Z';

/** Leads a new inspection to a stage of its life. */
type Lead = (stage: Stage) => Promise<unknown>;

const submitting =
  (fields: Readonly<Record<string, unknown>> = {}): Lead =>
  (stage) =>
    submit(stage.ports, specify({ batch_size: 3, ...fields }));
const building: Lead = async (stage) => {
  await submitting()(stage);
  await startBuildInCluster(stage, (await stage.newest()).buildId);
};
const waitingForRuns: Lead = async (stage) => {
  await submitting()(stage);
  const { buildId } = await stage.newest();
  await endBuild(stage, buildId);
  await onBuildComplete(stage.ports, buildId);
};
const running: Lead = async (stage) => {
  await waitingForRuns(stage);
  await writeRuns(stage, (await stage.newest()).id, (item) =>
    item === 0
      ? { state: 'terminated', exitCode: 0, startedAt: STARTED, finishedAt: FINISHED }
      : { state: item === 1 ? 'running' : 'waiting', startedAt: STARTED },
  );
};

const failedBuild: Lead = async (stage) => {
  await submitting()(stage);
  await runUntilQuiet(stage, { build: { reason: 'BuildFailed', message: 'exit status 1' } });
};
const buildOnly: Lead = async (stage) => {
  await submitting({ script: null })(stage);
  await endBuild(stage, (await stage.newest()).buildId);
};
const buildOnlyEnded: Lead = async (stage) => {
  await submitting({ script: null })(stage);
  await runUntilQuiet(stage);
};
const succeeded: Lead = async (stage) => {
  await submitting()(stage);
  await runUntilQuiet(stage);
};
const partlyFailed: Lead = async (stage) => {
  await submitting()(stage);
  await runUntilQuiet(stage, { run: (item) => (item === 1 ? { exitCode: 7 } : {}) });
};
const cancelledInBuild: Lead = async (stage) => {
  await building(stage);
  await cancel(stage.ports, (await stage.newest()).id);
};
const cancelledInRun: Lead = async (stage) => {
  await running(stage);
  await cancel(stage.ports, (await stage.newest()).id);
  await runUntilQuiet(stage);
};
const unschedulable = submitting({ run: { requests: { hardware: { cpu_family: 1 } } } });

const STAGES: readonly (readonly [name: string, lead: Lead, expected: object])[] = [
  ['waiting', submitting(), { phase: 'queued', build: ['waiting'], job: ['waiting', 3, 0] }],
  ['building', building, { phase: 'building', build: ['running'], job: ['waiting', 3, 0] }],
  ['built', waitingForRuns, { phase: 'running', build: ['terminated'], job: ['waiting', 3, 0] }],
  ['running', running, { phase: 'running', build: ['terminated'], job: ['running', 3, 1] }],
  [
    'succeeded',
    succeeded,
    { phase: 'succeeded', build: ['terminated'], job: ['terminated', 3, 3] },
  ],
  [
    'partly failed',
    partlyFailed,
    { phase: 'failed', build: ['terminated'], job: ['terminated', 3, 2] },
  ],
  [
    'failed build',
    failedBuild,
    { phase: 'failed', build: ['terminated'], job: ['terminated', 0, 0] },
  ],
  [
    'build-only, built',
    buildOnly,
    { phase: 'building', build: ['terminated'], job: ['terminated', 0, 0] },
  ],
  [
    'build-only, ended',
    buildOnlyEnded,
    { phase: 'succeeded', build: ['terminated'], job: ['terminated', 0, 0] },
  ],
  [
    'cancelled in the build',
    cancelledInBuild,
    { phase: 'cancelled', build: ['terminated'], job: ['terminated', 0, 0] },
  ],
  [
    'cancelled in the run',
    cancelledInRun,
    { phase: 'cancelled', build: ['terminated'], job: ['terminated', 3, 1] },
  ],
  [
    'unschedulable',
    unschedulable,
    { phase: 'failed', build: ['terminated'], job: ['terminated', 0, 0] },
  ],
];

describe('the status of an inspection', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.close());

  async function read(): Promise<Record<string, unknown>> {
    const { status, body } = await ask(stage, `/inspect/${(await stage.newest()).id}/status`);
    expect(status).toBe(200);
    return body;
  }
  const part = (body: Record<string, unknown>, name: string) =>
    body[name] as Record<string, unknown>;

  it.each(STAGES)('%s', async (_, lead, expected) => {
    await lead(stage);
    const body = await read();
    const { build, job } = { build: part(body, 'build'), job: part(body, 'job') };
    expect({
      phase: body['phase'],
      build: [build['state']],
      job: [job['state'], job['completions'], job['succeeded']],
    }).toEqual(expected);
  });

  it.each(STAGES)(
    '%s: nothing is null that a client of any generation refuses',
    async (_, lead) => {
      await lead(stage);
      const body = await read();
      // 0.3.8 reads the top; 0.4.3 and 0.5.0 read `status`.
      for (const parts of [body, part(body, 'status')]) {
        for (const name of ['build', 'job']) {
          expect(part(parts, name)).toMatchObject({
            state: expect.stringMatching(/^(waiting|running|terminated)$/) as string,
            started_at: expect.stringMatching(/^2026-/) as string,
          });
        }
        expect(part(parts, 'workflow')).toMatchObject({
          phase: expect.stringMatching(/^(Pending|Running|Succeeded|Failed)$/) as string,
          startedAt: CREATED,
        });
        expect(parts['data_stored']).toBe(false);
      }
      const { id } = await stage.newest();
      expect(body).toMatchObject({ parameters: { inspection_id: id }, inspection_id: id });
      expect(body['created']).toBe(CREATED);
    },
  );

  it('tells exit codes, times and image of what has ended', async () => {
    await partlyFailed(stage);
    const { buildId } = await stage.newest();
    expect(await read()).toMatchObject({
      reason: 'ScriptFailed',
      message: expect.stringMatching(/^1 of 3 runs did not succeed/) as string,
      finished: CREATED,
      build: {
        id: buildId,
        container: imageOf(buildId),
        exit_code: 0,
        started_at: STARTED,
        finished_at: FINISHED,
      },
      job: {
        exit_code: 7,
        started_at: STARTED,
        finished_at: FINISHED,
        runs: [
          { item: 0, state: 'terminated', exit_code: 0, reason: null },
          { item: 1, state: 'terminated', exit_code: 7, reason: 'ScriptFailed' },
          { item: 2, state: 'terminated', exit_code: 0, reason: null },
        ],
      },
    });
  });

  it('tells the place in the queue', async () => {
    await submitting()(stage);
    const { buildId } = await stage.newest();
    const waiting = ['build/build-x', `build/${buildId}`];
    await writeWhole(queueFile(stage.layout), JSON.stringify({ waiting }));
    expect(await read()).toMatchObject({ phase: 'queued', position: 2, build: { position: 2 } });
  });

  it('is queued while its runs wait for their turn and nothing was built for it', async () => {
    await succeeded(stage);
    await submitting()(stage);
    expect(await read()).toMatchObject({ phase: 'queued', build: { reused: true } });
  });

  it('says that it is to be cancelled', async () => {
    await running(stage);
    await cancel(stage.ports, (await stage.newest()).id);
    expect(await read()).toMatchObject({ phase: 'running', cancel_requested: true });
  });
});
