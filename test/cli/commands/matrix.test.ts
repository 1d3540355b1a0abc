import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli, type CliOptions, type CliRun } from '../run-cli.js';
import { startScriptedService, type ScriptedService, type Script } from '../scripted-service.js';
import { MATRIX_ID, matrixAnswer } from '../scripted-matrix.js';

const MATRIX = `specification:
  base: debian:12-slim
variations:
  - name: one core
    set: {}
  - name: two cores
    set: {run: {requests: {cpu: "2"}}}
`;
const SUBMITTED = {
  matrix_id: MATRIX_ID,
  inspections: [
    { name: 'one core', inspection_id: 'inspection-0000000000000001' },
    { name: 'two cores', inspection_id: 'inspection-0000000000000002' },
  ],
};

let folder: string;
let file: string;
let service: ScriptedService | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amun-cli-'));
  file = join(folder, 'matrix.yaml');
  await writeFile(file, MATRIX);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

afterEach(async () => {
  await service?.kill().catch(() => undefined);
  service = undefined;
});

/** A matrix whose answers come one after the other; the last one stays. */
function scriptMatrix(...answers: readonly unknown[]): Script {
  let asked = 0;
  return ({ method, path }) => {
    if (method === 'POST' && path === '/matrix') return { status: 202, body: SUBMITTED };
    if (path !== `/matrix/${MATRIX_ID}`) return undefined;
    asked += 1;
    return { body: answers[Math.min(asked, answers.length) - 1] };
  };
}

async function run(
  script: Script,
  words: readonly string[],
  options: CliOptions = {},
): Promise<CliRun> {
  service = await startScriptedService(script);
  return runCli(words, { ...options, environment: { AMUN_URL: service.url } });
}

describe('amun matrix', () => {
  it('submits the file, follows it to its end, and prints the table', async () => {
    const script = scriptMatrix(matrixAnswer('running'), matrixAnswer('succeeded'));
    const { exitCode, stdout, stderr } = await run(script, ['matrix', file]);
    expect(stderr).toContain(`${MATRIX_ID} with 2 inspections submitted to http://127.0.0.1`);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`VARIATION  PHASE      RUNS  BUILD   REASON  INSPECTION
one core   succeeded  3/3   new     -       inspection-0000000000000001
two cores  succeeded  3/3   reused  -       inspection-0000000000000002

NUMBER        VARIATION  RUNS  MEAN   STDDEV  MEDIAN  RATIO   DIFFERENCE
/seconds      one core   3     2      0.1     2       1       (reference)
              two cores  3     1.023  0.1126  1.01    0.5117  lower (p < 0.001)
ru_utime (s)  one core   3     1      0       1       1       (reference)
              two cores  3     1      0       1       1       no difference shown (p = 1)
`);
    const [submission] = service!.asked;
    expect(submission?.body).toEqual({
      specification: { base: 'debian:12-slim' },
      variations: [
        { name: 'one core', set: {} },
        { name: 'two cores', set: { run: { requests: { cpu: '2' } } } },
      ],
    });
  });

  it('ends with 1 where one of them did not succeed', async () => {
    const { exitCode, stdout } = await run(scriptMatrix(matrixAnswer('failed')), ['matrix', file]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('two cores  failed     0/3   reused  ScriptFailed');
  });

  it('prints the answer as JSON, and nothing else', async () => {
    const { exitCode, stdout, stderr } = await run(scriptMatrix(matrixAnswer('succeeded')), [
      'matrix',
      file,
      '--json',
    ]);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ matrix_id: MATRIX_ID, finished: true });
  });

  it('only submits, on request', async () => {
    const script = scriptMatrix(matrixAnswer('running'));
    const plain = await run(script, ['matrix', file, '--no-wait', '--base', 'fedora:40']);
    expect(plain).toMatchObject({ exitCode: 0, stdout: `${MATRIX_ID}\n` });
    expect(service!.asked).toMatchObject([
      { path: '/matrix', body: { specification: { base: 'fedora:40' } } },
    ]);
    await service!.kill();
    const json = await run(script, ['matrix', file, '--no-wait', '--json']);
    expect(JSON.parse(json.stdout)).toEqual(SUBMITTED);
  });

  it('submits once although the first answer was lost', async () => {
    let lost = false;
    const script = scriptMatrix(matrixAnswer('succeeded'));
    const { exitCode } = await run(
      (asked) => {
        if (asked.method !== 'POST' || lost) return script(asked);
        lost = true;
        return (response) => void response.destroy();
      },
      ['matrix', file],
    );
    expect(exitCode).toBe(0);
    const keys = service!.asked
      .filter(({ method }) => method === 'POST')
      .map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(keys[1]).toBe(keys[0]);
  });

  it('says where each fault is', async () => {
    const body = {
      error: 'The matrix is not valid: base is empty.',
      code: 'InvalidSpecification',
      details: [{ pointer: '/variations/1/set/base', message: 'base is empty.' }],
    };
    const { exitCode, stderr } = await run(() => ({ status: 400, body }), ['matrix', file]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('  /variations/1/set/base: base is empty.\n');
  });

  it('leaves the matrix alone on Ctrl-C', async () => {
    const interrupted = new AbortController();
    const script = scriptMatrix(matrixAnswer('running'));
    const { exitCode, stderr } = await run(
      (asked) => {
        if (asked.method === 'GET') setTimeout(() => interrupted.abort(), 20);
        return script(asked);
      },
      ['matrix', file],
      { signal: interrupted.signal },
    );
    expect(exitCode).toBe(130);
    expect(stderr).toContain(`${MATRIX_ID} goes on; \`amun compare ${MATRIX_ID}\` shows`);
  });

  it('refuses a single specification, as amun inspect refuses a matrix', async () => {
    const single = join(folder, 'single.yaml');
    await writeFile(single, 'base: debian:12-slim\n');
    const script: Script = () => undefined;
    const matrix = await run(script, ['matrix', single]);
    expect(matrix).toMatchObject({ exitCode: 2 });
    expect(matrix.stderr).toContain('`amun inspect`');
    expect(service!.asked).toEqual([]);
    await service!.kill();
    const inspect = await run(script, ['inspect', file]);
    expect(inspect).toMatchObject({ exitCode: 2 });
    expect(inspect.stderr).toContain(`\`amun matrix ${file}\``);
    expect(service!.asked).toEqual([]);
  });
});
