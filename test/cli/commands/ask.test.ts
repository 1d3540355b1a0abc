import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli, type CliOptions, type CliRun } from '../run-cli.js';
import { HELLO, ID, scriptInspection } from '../scripted-inspection.js';
import { startScriptedService, type Script, type ScriptedService } from '../scripted-service.js';

let service: ScriptedService | undefined;

afterEach(async () => {
  await service?.kill().catch(() => undefined);
  service = undefined;
});

async function run(script: Script, words: string[], options: CliOptions = {}): Promise<CliRun> {
  service = await startScriptedService(script);
  return await runCli([...words, '--url', service.url], options);
}

/** The same inspection, already over. */
const FINISHED = scriptInspectionAtEnd();

function scriptInspectionAtEnd(): () => Script {
  return () => scriptInspection({ ...HELLO, stages: HELLO.stages.slice(-1) });
}

const ITEM = {
  inspection_id: ID,
  phase: 'failed',
  reason: 'ScriptFailed',
  created: '2026-01-01T00:00:00Z',
  finished: '2026-01-01T00:03:20Z',
  labels: {},
};

const listing =
  (total: number): Script =>
  ({ path }) =>
    path === '/inspect' ? { body: { items: [ITEM], total } } : undefined;

describe('amun status', () => {
  it('finds an inspection by the beginning of its id', async () => {
    const status = FINISHED();
    const script: Script = (asked) => listing(1)(asked) ?? status(asked);
    const { stdout } = await run(script, ['status', 'hel']);
    expect(stdout).toContain(`${ID} succeeded after 12 s.`);
    expect(stdout).toMatch(/^run 0 +terminated +exit code 0$/m);
  });

  it('names those that an abbreviation fits', async () => {
    const items = [ITEM, { ...ITEM, inspection_id: `${ID}0` }];
    const { exitCode, stderr } = await run(
      () => ({ body: { items, total: 2 } }),
      ['status', 'hel'],
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`write more of it.\n  ${ID}\n  ${ID}0\n`);
  });

  it('passes on what the service says of an unknown id', async () => {
    const { exitCode, stderr } = await run(() => undefined, ['status', ID]);
    expect(exitCode).toBe(1);
    expect(stderr).toBe(`There is no /inspect/${ID}/status.\n`);
  });
});

describe('amun logs', () => {
  it("prints both of a run's streams whole", async () => {
    const { stdout, stderr } = await run(FINISHED(), ['logs', ID]);
    expect(stdout).toBe(HELLO.runs[0]!.stdout);
    expect(stderr).toBe(HELLO.runs[0]!.stderr);
  });

  it("prints the build's log to stdout", async () => {
    const { stdout, stderr } = await run(FINISHED(), ['logs', ID, '--build']);
    expect(stdout).toBe(HELLO.buildLog);
    expect(stderr).toBe('');
  });

  it('follows to the end', async () => {
    const { stdout } = await run(scriptInspection(HELLO), ['logs', ID, '--follow']);
    expect(stdout).toBe(HELLO.runs[0]!.stdout);
  });

  it('says why there is nothing', async () => {
    const queued = { ...HELLO, stages: HELLO.stages.slice(0, 1) };
    const { stdout, stderr } = await run(scriptInspection(queued), ['logs', ID]);
    expect(stdout).toBe('');
    expect(stderr).toContain('No run has begun (queued)');
    await service!.kill();
    const none = await run(FINISHED(), ['logs', ID, '--item', '5']);
    expect(none.stderr).toContain('There is no run 5');
  });
});

describe('amun results', () => {
  const script: Script = ({ path }) => {
    if (path.endsWith('/batch-size')) return { body: { batch_size: 3 } };
    const item = /\/job\/(\d)\/result$/.exec(path)?.[1];
    return item === undefined || item === '1' ? undefined : { body: { result: { item } } };
  };

  it('prints an array, with null where a run left none', async () => {
    const { stdout } = await run(script, ['results', ID]);
    expect(JSON.parse(stdout)).toEqual([{ item: '0' }, null, { item: '2' }]);
  });

  it('prints the object of one run, and fails where there is none', async () => {
    const { stdout } = await run(script, ['results', ID, '--item', '2', '--json']);
    expect(stdout).toBe('{"item":"2"}\n');
    await service!.kill();
    expect((await run(script, ['results', ID, '--item', '1'])).exitCode).toBe(1);
  });
});

describe('amun cancel', () => {
  it('says what became of it', async () => {
    const { stdout } = await run(
      () => ({ status: 202, body: { phase: 'cancelled' } }),
      ['cancel', ID],
    );
    expect(stdout).toBe(`${ID} is cancelled.\n`);
    expect(service!.asked[0]).toMatchObject({ method: 'POST', path: `/inspect/${ID}/cancel` });
  });

  it('fails where it has ended', async () => {
    const body = { error: 'It has ended already.', code: 'AlreadyFinished' };
    const { exitCode, stderr } = await run(() => ({ status: 409, body }), ['cancel', ID]);
    expect([exitCode, stderr]).toEqual([1, 'It has ended already.\n']);
  });
});

describe('amun dockerfile', () => {
  it('prints what the service makes of a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'amun-cli-'));
    const file = join(folder, 'x.json');
    await writeFile(file, '{"base": "x"}');
    const { stdout } = await run(() => ({ body: { dockerfile: 'FROM x' } }), ['dockerfile', file]);
    await rm(folder, { recursive: true });
    expect(stdout).toBe('FROM x\n');
    expect(service!.asked[0]).toMatchObject({
      path: '/_debug/generate-dockerfile',
      body: { base: 'x' },
    });
  });
});

describe('amun events', () => {
  const event = (subject: string): string =>
    `${JSON.stringify({ type: 'amun.build.complete', subject, time: 'now', data: { a: 1 } })}\n`;

  it('shows events as they come, over a lost connection, until Ctrl-C', async () => {
    const stop = new AbortController();
    let connections = 0;
    const { exitCode, stdout, stderr } = await run(
      () => (response) => {
        connections += 1;
        response.writeHead(200, { 'content-type': 'application/x-ndjson' });
        // In two pieces, so that lines have to be put together.
        const line = event(`build-${connections}`);
        response.write(line.slice(0, 10));
        setTimeout(() => response.end(line.slice(10)), 20);
      },
      ['events'],
      {
        signal: stop.signal,
        onWrite: (text) => {
          if (text.includes('build-2')) stop.abort();
        },
      },
    );
    expect(stdout).toBe(
      'now amun.build.complete build-1 {"a":1}\nnow amun.build.complete build-2 {"a":1}\n',
    );
    expect(stderr).toContain('The connection was lost; trying again.');
    expect(exitCode).toBe(130);
  });

  it('fails where there never was a service', async () => {
    service = await startScriptedService(() => undefined);
    await service.kill();
    expect((await runCli(['events', '--url', service.url])).exitCode).toBe(3);
  });
});
