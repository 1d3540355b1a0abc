import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli, type CliOptions, type CliRun } from '../run-cli.js';
import { HELLO, ID, scriptInspection, type ScriptedInspection } from '../scripted-inspection.js';
import { startScriptedService, type ScriptedService, type Script } from '../scripted-service.js';

let folder: string;
let file: string;
let service: ScriptedService | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amun-cli-'));
  file = join(folder, 'hello.yaml');
  await writeFile(file, 'base: debian:12-slim\nscript: |\n  #!/bin/sh\n  echo hello\n');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

afterEach(async () => {
  await service?.kill().catch(() => undefined);
  service = undefined;
});

async function serve(script: Script): Promise<ScriptedService> {
  service = await startScriptedService(script);
  return service;
}

async function inspect(
  script: Script | ScriptedInspection,
  words: readonly string[] = [],
  options: CliOptions = {},
): Promise<CliRun> {
  const { url } = await serve(typeof script === 'function' ? script : scriptInspection(script));
  return await runCli(['inspect', file, ...words], {
    ...options,
    environment: { AMUN_URL: url },
  });
}

const FAILED: ScriptedInspection = {
  ...HELLO,
  runs: [{ stdout: '', stderr: 'broken\n', exitCode: 3 }],
  stages: [
    ...HELLO.stages.slice(0, 3),
    {
      phase: 'failed',
      reason: 'ScriptFailed',
      message: 'Exit code 3.',
      build: { state: 'terminated', exit_code: 0 },
      runStates: ['terminated'],
    },
  ],
};

describe('amun inspect', () => {
  it('puts labels to those of the file', async () => {
    const labelled = join(folder, 'labelled.yaml');
    await writeFile(labelled, 'base: debian:12-slim\nlabels: { team: dev, suite: x }\n');
    const { url } = await serve(() => ({ status: 202, body: { inspection_id: ID } }));
    const words = ['--label', 'team=qa', '--label', 'note=a=b', '--no-follow'];
    await runCli(['inspect', labelled, ...words], { environment: { AMUN_URL: url } });
    expect(service!.asked[0]!.body).toEqual({
      base: 'debian:12-slim',
      labels: { team: 'qa', suite: 'x', note: 'a=b' },
    });
  });

  it.each(['team', '=x', ''])('takes no --label %j', async (text) => {
    const { exitCode, stderr } = await inspect(HELLO, [`--label=${text}`]);
    expect([exitCode, service!.asked]).toEqual([2, []]);
    expect(stderr).toContain('Write a label as key=value.');
  });

  it("passes the script's streams through whole and apart, and tells the outcome", async () => {
    const { exitCode, stdout, stderr } = await inspect(HELLO);
    expect(stdout).toBe('{"hello": "world"}\n');
    expect(stderr).toContain('STEP 1: FROM debian\nSTEP 2: COPY\n');
    expect(stderr).toContain('about to say hello\n');
    expect(stderr).toContain(`${ID} succeeded after 12 s.\n`);
    expect(exitCode).toBe(0);
    expect(service!.asked[0]).toMatchObject({
      method: 'POST',
      body: { base: 'debian:12-slim', script: '#!/bin/sh\necho hello\n' },
    });
  });

  it('ends with 1 and the reason in a sentence where the script failed', async () => {
    const { exitCode, stderr } = await inspect(FAILED);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'ScriptFailed: The script ended with an exit code other than 0. Exit code 3.',
    );
  });

  it('prints one JSON object and nothing else with --json', async () => {
    const { exitCode, stdout, stderr } = await inspect(FAILED, ['--json']);
    expect(JSON.parse(stdout)).toEqual({
      inspection_id: ID,
      phase: 'failed',
      reason: 'ScriptFailed',
      runs: [{ item: 0, exit_code: 3 }],
    });
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(stderr).toBe('');
    expect(exitCode).toBe(1);
  });

  it('prints the id and leaves with --no-follow', async () => {
    const { exitCode, stdout } = await inspect(HELLO, ['--no-follow', '--force', '--base', 'x:1']);
    expect(stdout).toBe(`${ID}\n`);
    expect(exitCode).toBe(0);
    expect(service!.asked).toHaveLength(1);
    expect(service!.asked[0]!.query.get('force')).toBe('true');
    expect(service!.asked[0]!.body).toMatchObject({ base: 'x:1' });
  });

  it('puts the run in front of each line of a batch', async () => {
    const { stdout, stderr } = await inspect({
      ...HELLO,
      runs: [
        { stdout: 'one\ntwo\n', stderr: '', exitCode: 0 },
        { stdout: 'three and no newline', stderr: 'trouble\n', exitCode: 0 },
      ],
      stages: HELLO.stages.map((stage) => ({
        ...stage,
        runStates: stage.runStates.flatMap((state) => [state, state]),
      })),
    });
    expect(stdout.split('\n').sort()).toEqual(
      ['', '[0] one', '[0] two', '[1] three and no newline'].sort(),
    );
    expect(stderr).toContain('[1] trouble\n');
  });

  it('leaves out the log of a build that was there before, but not that of a failed one', async () => {
    const again = { ...HELLO, buildCreated: false, stages: HELLO.stages.slice(2) };
    expect((await inspect(again)).stderr).not.toContain('STEP 1');
    await service!.kill();
    const broken = {
      ...HELLO,
      stages: [
        {
          phase: 'failed',
          reason: 'BuildFailed',
          build: { state: 'terminated', exit_code: 1 },
          runStates: [],
        },
      ],
    };
    const { exitCode, stderr } = await inspect({ ...broken, buildCreated: false });
    expect(stderr).toContain('STEP 2: COPY\n');
    expect(exitCode).toBe(1);
  });

  it('lists what is wrong with a specification, one pointer a line', async () => {
    const { exitCode, stdout, stderr } = await inspect(() => ({
      status: 400,
      body: {
        error: 'The specification is not valid.',
        code: 'InvalidSpecification',
        parameters: {},
        details: [
          { pointer: '/batch_size', message: 'Write a whole number from 1 to 1000.' },
          { pointer: '', message: 'There is no field "pakages"; did you mean "packages"?' },
        ],
      },
    }));
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.split('\n')).toEqual([
      'The specification is not valid.',
      '  /batch_size: Write a whole number from 1 to 1000.',
      '  (whole document): There is no field "pakages"; did you mean "packages"?',
      '',
    ]);
  });

  it('ends with 3 where nothing answers, and says what to do', async () => {
    const { url } = await serve(() => undefined);
    await service!.kill();
    const { exitCode, stderr } = await runCli(['inspect', file, '--url', url]);
    expect(exitCode).toBe(3);
    expect(stderr).toBe(
      `Nothing answers on ${url}; start it with \`amun up\`, or name another service by --url or AMUN_URL.\n`,
    );
  });

  it('ends with 130 at Ctrl-C, and says that the inspection goes on', async () => {
    const interrupt = new AbortController();
    const script = scriptInspection({ ...HELLO, stages: HELLO.stages.slice(0, 3) });
    const { exitCode, stderr } = await inspect(script, [], {
      signal: interrupt.signal,
      onWrite: (text) => {
        if (text.includes('{"hell')) interrupt.abort();
      },
    });
    expect(exitCode).toBe(130);
    expect(stderr).toContain(`${ID} goes on.`);
    expect(stderr).toContain(`amun cancel ${ID}`);
  });

  it('shows where it is on a terminal, and keeps control characters from it', async () => {
    const nasty = { ...HELLO, runs: [{ stdout: 'a\x1b]0;title\x07b\n', stderr: '', exitCode: 0 }] };
    const { stdout, stderr } = await inspect(nasty, [], { tty: true });
    expect(stderr).toContain('queued, place 2 in the queue');
    expect(stdout).toBe('a\uFFFD]0;title\uFFFDb\n');
  });

  it.each([
    ['nothing there', 'missing.yaml', 'does not exist'],
    ['a folder', '.', 'is a folder'],
  ])('refuses a file that is %s', async (_what, name, why) => {
    const { exitCode, stderr } = await runCli(['inspect', join(folder, name)]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(why);
  });

  it.each([
    ['broken YAML', 'base: [', 'YAML'],
    ['a list', '- base', 'holds no specification'],
  ])('refuses %s', async (_what, content, why) => {
    const bad = join(folder, 'bad.yaml');
    await writeFile(bad, content);
    const { exitCode, stderr } = await runCli(['inspect', bad]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(why);
    expect(stderr).toContain(bad);
  });
});
