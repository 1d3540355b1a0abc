import { runCli, type CliRun } from './run-cli.js';
import { startScriptedService, type Script, type ScriptedService } from './scripted-service.js';

let service: ScriptedService | undefined;

afterEach(async () => {
  await service?.kill();
  service = undefined;
});

async function run(script: Script, words: string[]): Promise<CliRun> {
  service = await startScriptedService(script);
  return await runCli([...words, '--url', service.url]);
}

describe('amun', () => {
  it('names the nearest command for an unknown one', async () => {
    const { exitCode, stderr } = await runCli(['inspct', 'x']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Did you mean inspect?');
  });

  it('has an example in the help of every command', async () => {
    const help = (await runCli(['--help'])).stdout;
    const commands = [...help.matchAll(/^ {2}(\w+)[| ].*$/gm)].map(([, name]) => name ?? '');
    const own = commands.filter((name) => name !== 'help' && name !== 'amun');
    expect(own.length).toBeGreaterThanOrEqual(11);
    for (const name of own) {
      const { exitCode, stdout } = await runCli([name, '--help']);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/Examples?:\n {2}\S/);
    }
  });

  it.each([
    ['an option that is no number', ['list', '--limit', 'ten']],
    ['a missing argument', ['status']],
    ['an unknown option', ['list', '--lmit', '2']],
    ['an address that is none', ['list', '--url', 'localhost:8080']],
  ])('refuses %s with 2', async (_what, words) => {
    const { exitCode, stderr } = await runCli(words);
    expect(exitCode).toBe(2);
    expect(stderr).not.toBe('');
  });

  it('says that something else answers, without a stack', async () => {
    const { exitCode, stderr } = await run(() => ({ body: '<html>' }), ['list']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("does not speak Amun's API");
    expect(stderr).not.toContain(' at ');
  });

  it('counts a service that cannot at the moment as not reachable', async () => {
    const body = { error: 'The store does not answer.', code: 'Unavailable' };
    const { exitCode, stderr } = await run(() => ({ status: 503, body }), ['list']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('The store does not answer. Try again in a moment');
  });
});
