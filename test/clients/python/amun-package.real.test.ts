import { ensureBusyboxBase } from '../../base-image.js';
import { ask } from '../../e2e/inspect.js';
import { startStack, type Stack } from '../../e2e/start-stack.js';
import { requirePackages } from '../../require-packages.js';
import { requireTools } from '../../require-tools.js';
import {
  GENERATIONS,
  installClients,
  type Client,
  type ClientCall,
  type Generation,
  type Returned,
} from './amun-package.js';
import {
  ENDED,
  ENVIRONMENT,
  idOf,
  leaveUnfinished,
  submitKinds,
  type Kind,
  type Submissions,
} from './inspections.js';
import { describeReports, type About } from './describe-reports.js';
import { having, like, refused } from './expected.js';
import { HARDWARE, specifyFully } from './full-specification.js';

const { clients, missing } = installClients();
const describeHere = requireTools(
  ['podman', 'nats-server', 'busybox'],
  requirePackages('the Python package amun', missing),
);

/** Of all kinds, as the two older generations see it: build, job, and whether it counts as finished. */
const STATES: readonly [kind: Kind, build: string, job: string, finished: boolean][] = [
  ['waiting', 'waiting', 'waiting', false],
  ['running', 'terminated', 'running', false],
  ['build-only', 'terminated', 'terminated', true],
  ['json', 'terminated', 'terminated', true],
  ['text', 'terminated', 'terminated', true],
  ['failed-script', 'terminated', 'terminated', true],
  ['failed-build', 'terminated', 'terminated', true],
];
const OLDER: readonly Generation[] = ['0.3.8', '0.4.3'];
const WORKFLOWS: Readonly<Record<string, string>> = {
  running: 'Running',
  'failed-script': 'Failed',
  'failed-build': 'Failed',
};
describeHere('the Python package amun, as published', () => {
  let stack: Stack;
  const submissions = new Map<Generation, Submissions>();
  let unfinished: Record<string, string>;

  beforeAll(async () => {
    const base = await ensureBusyboxBase();
    stack = await startStack(ENVIRONMENT);
    for (const client of clients) {
      submissions.set(client.generation, await submitKinds(client, stack, base));
    }
    const ids = [...submissions.values()].flatMap((all) => Object.values(all).map(idOf));
    unfinished = await leaveUnfinished(stack, base, ids);
  }, 600_000);

  afterAll(async () => {
    for (const id of Object.values(unfinished)) await ask(stack, `/inspect/${id}/cancel`, {});
    await stack.stop();
  }, 120_000);

  const clientOf = (generation: Generation): Client =>
    clients.find((client) => client.generation === generation)!;
  const idFor = (generation: Generation, kind: Kind): string =>
    unfinished[kind] ?? idOf(submissions.get(generation)![kind as (typeof ENDED)[number]]);
  const call = (generation: Generation, calls: readonly ClientCall[]): Promise<Returned[]> =>
    clientOf(generation).call(`${stack.url}/api/v1`, calls);
  const about: About = (generation, kind, functions, ...more) =>
    call(
      generation,
      functions.map((name) => ({ function: name, arguments: [idFor(generation, kind), ...more] })),
    );

  it.each(GENERATIONS)('%s submits by inspect', (generation) => {
    const created =
      generation === '0.3.8'
        ? { build_created: expect.any(Boolean) as unknown, job_created: false }
        : {};
    for (const [kind, answer] of Object.entries(submissions.get(generation)!)) {
      expect(answer.value).toMatchObject({
        inspection_id: like(new RegExp(`^inspection-${kind}-[0-9a-f]{16}$`)),
        parameters: { identifier: kind, environment: [{ name: 'THREADS', value: '2' }] },
        ...created,
      });
    }
  });

  it.each(OLDER.flatMap((one) => STATES.map((state) => [one, ...state] as const)))(
    '%s sees one that is %s: build %s, job %s, finished %s',
    async (generation, kind, build, job, finished) => {
      const functions = ['get_inspection_status', 'has_inspection_job', 'is_inspection_finished'];
      const answers = await about(generation, kind, functions);
      // To 0.4.3 a batch is finished once all its runs have succeeded: never, where one has failed.
      const counts = generation === '0.4.3' && kind === 'failed-script' ? false : finished;
      expect(answers).toEqual([
        {
          value: having({
            build: having({
              state: build,
              started_at: like(/Z$/),
            }),
            job: having({ state: job }),
          }),
        },
        { value: true },
        { value: counts },
      ]);
    },
  );

  it.each(STATES)('0.5.0 sees one that is %s: build %s', async (kind, build) => {
    const functions = ['get_inspection_status', 'InspectionApi.get_inspection_status'];
    const [status, answer] = await about('0.5.0', kind, functions);
    expect(status?.value).toMatchObject({
      build: { state: build, reason: kind === 'failed-build' ? 'BuildFailed' : null },
      data_stored: false,
      workflow: { phase: WORKFLOWS[kind] ?? (kind === 'waiting' ? 'Pending' : 'Succeeded') },
    });
    const parameters = { inspection_id: idFor('0.5.0', kind) };
    expect(answer?.value).toEqual({ status: status?.value, parameters });
  });

  // Its model of a status has no job, and that of a specification no time: no server can change it.
  it('0.5.0 cannot tell the end, a job or the time of a submission, by a mistake of its own', async () => {
    const functions = [
      'is_inspection_finished',
      'has_inspection_job',
      'get_inspection_specification',
    ];
    const answers = await about('0.5.0', 'json', functions);
    const keys = ["'job'", "'job'", "'created'"];
    expect(answers).toEqual(keys.map((message) => ({ raised: 'KeyError', message })));
    const [logs] = await about('0.5.0', 'json', ['get_inspection_job_logs']);
    expect(logs).toMatchObject({ raised: 'AttributeError' });
    expect(logs?.message).toContain("no attribute 'get_inspection_job_logs'");
  });

  it.each(GENERATIONS)('%s reads specifications', async (generation) => {
    const [whole] = await about(generation, 'json', ['InspectionApi.get_inspection_specification']);
    expect(whole?.value).toMatchObject({
      specification: {
        identifier: 'json',
        environment: [{ name: 'THREADS', value: '2' }],
        run: { requests: { cpu: '500m', memory: '256Mi', hardware: null } },
        ...(generation === '0.3.8' ? {} : { batch_size: 2 }),
      },
      parameters: { inspection_id: idFor(generation, 'json') },
    });
    if (generation === '0.5.0') return;
    const [pair] = await about(generation, 'json', ['get_inspection_specification']);
    const time = like(/^\d{4}-.*Z$/);
    expect(pair?.value).toEqual([having({ identifier: 'json' }), time]);
  });

  it.each(GENERATIONS)('%s reads build logs', async (generation) => {
    const logOf = async (kind: Kind) =>
      (await about(generation, kind, ['get_inspection_build_log']))[0]?.value;
    expect(await logOf('json')).toContain('STEP 1');
    expect(await logOf('failed-build')).toContain('STEP 1');
    expect(['', null]).toContainEqual(await logOf('waiting'));
  });

  describeReports(about);

  it.each(GENERATIONS)('%s is told what is wrong', async (generation) => {
    const base = 'no image!';
    const [answer] = await call(generation, [{ function: 'inspect', arguments: [base] }]);
    expect([answer]).toEqual(refused(400, 1));
    expect(answer?.message).toContain('base');
    const functions = [
      'get_inspection_status',
      'is_inspection_finished',
      'has_inspection_job',
      'get_inspection_build_log',
      'get_inspection_specification',
    ];
    const unknown = functions.map((name) => ({
      function: name,
      arguments: ['inspection-00000000000000aa'],
    }));
    expect(await call(generation, unknown)).toEqual(refused(404, functions.length));
  });

  it.each(GENERATIONS)('%s asks for the Dockerfile of all that it can say', async (generation) => {
    const answers = await call(generation, [
      { function: 'DebugApi.post_generate_dockerfile', arguments: [specifyFully(generation)] },
      { function: 'instantiate_inspection_api' },
      ...(generation === '0.5.0' ? [{ function: 'ServiceApi.get_version' }] : []),
    ]);
    expect(answers[0]?.value).toMatchObject({
      dockerfile: like(/^FROM debian:12$/m),
      parameters: { run: { requests: { cpu: '1', hardware: HARDWARE } }, update: true },
    });
    expect(answers[1]).toEqual({ value: { kind: 'InspectionApi' } });
    if (generation !== '0.5.0') return;
    const version = like(/^\d+\.\d+\.\d+/);
    expect(answers[2]).toEqual({ value: { version, service_version: version } });
  });

  it.each(GENERATIONS)('%s is given the statuses that it was written for', async (generation) => {
    const id = idFor(generation, 'json');
    const specification = {
      model: 'InspectionSpecification',
      fields: { base: 'localhost/no-such:1' },
    };
    const [status, dockerfile] = await call(generation, [
      { function: 'InspectionApi.get_inspection_status_with_http_info', arguments: [id] },
      { function: 'DebugApi.post_generate_dockerfile_with_http_info', arguments: [specification] },
    ]);
    expect((status?.value as unknown[])[1]).toBe(200);
    expect((dockerfile?.value as unknown[])[1]).toBe(200);
  });
});
