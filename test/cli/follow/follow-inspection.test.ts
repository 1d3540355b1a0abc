import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli, type CliRun } from '../run-cli.js';
import { sendScriptedEvents } from '../scripted-events.js';
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

async function inspect(script: Script | ScriptedInspection): Promise<CliRun> {
  service = await startScriptedService(
    typeof script === 'function' ? script : scriptInspection(script),
  );
  return runCli(['inspect', file], { environment: { AMUN_URL: service.url } });
}

describe('following an inspection', () => {
  it('goes on where it stopped when the service comes back', async () => {
    const script = scriptInspection(HELLO);
    // Each connection breaks after so many events; the last one is good.
    const breaks = [2, 0, 3, 5];
    const { exitCode, stdout, stderr } = await inspect((asked) => {
      const most = asked.path.endsWith('/events') ? breaks.shift() : undefined;
      if (most === undefined) return script(asked);
      return (response) => {
        sendScriptedEvents(HELLO, asked, response, most);
        // What was written goes out first.
        setTimeout(() => {
          const service_ = service!;
          void service_.kill().then(() => service_.revive());
        }, 50);
      };
    });
    expect(breaks).toEqual([]);
    expect(stdout).toBe('{"hello": "world"}\n');
    expect(stderr).toContain('STEP 1: FROM debian\nSTEP 2: COPY\n');
    expect(stderr).toContain('about to say hello\n');
    expect(exitCode).toBe(0);
  });

  it('shows the output of every run of a large batch', async () => {
    const numbers = Array.from({ length: 45 }, (_, item) => item);
    const { stdout, exitCode } = await inspect({
      ...HELLO,
      runs: numbers.map((item) => ({ stdout: `run ${item}\n`, stderr: '', exitCode: 0 })),
      stages: HELLO.stages.map((stage) => ({
        ...stage,
        runStates: stage.runStates.flatMap((state) => numbers.map(() => state)),
      })),
    });
    expect(stdout.trim().split('\n').sort()).toEqual(
      numbers.map((item) => `[${item}] run ${item}`).sort(),
    );
    expect(service!.asked.filter(({ path }) => path.endsWith('/events'))).toHaveLength(3);
    expect(exitCode).toBe(0);
  });

  it('of its build only ends with the build', async () => {
    const running = { ...HELLO, stages: HELLO.stages.slice(0, 3) };
    service = await startScriptedService(scriptInspection(running));
    const { stdout, exitCode } = await runCli(['logs', ID, '--build', '--follow'], {
      environment: { AMUN_URL: service.url },
    });
    expect(stdout).toBe(HELLO.buildLog);
    expect(exitCode).toBe(0);
  });
});
