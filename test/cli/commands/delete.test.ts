import { runCli, type CliRun } from '../run-cli.js';
import { ID } from '../scripted-inspection.js';
import { startScriptedService, type Script, type ScriptedService } from '../scripted-service.js';

let service: ScriptedService | undefined;

afterEach(async () => {
  await service?.kill().catch(() => undefined);
  service = undefined;
});

async function run(script: Script, words: string[]): Promise<CliRun> {
  service = await startScriptedService(script);
  return await runCli([...words, '--url', service.url]);
}

const ITEM = {
  inspection_id: ID,
  phase: 'failed',
  reason: 'ScriptFailed',
  created: '2026-01-01T00:00:00Z',
  finished: '2026-01-01T00:03:20Z',
  labels: {},
};

describe('amun delete', () => {
  const other = `${ID}0`;
  const script: Script = ({ method, path }) => {
    if (method !== 'DELETE') return { body: { items: [ITEM], total: 1 } };
    if (path === `/inspect/${ID}`) return { body: { inspection_id: ID } };
    return { status: 409, body: { error: 'It has not ended yet.', code: 'NotFinished' } };
  };

  it('deletes each, and says which could not be deleted', async () => {
    const { exitCode, stdout, stderr } = await run(script, ['delete', other, 'hel']);
    expect([exitCode, stdout, stderr]).toEqual([
      1,
      `${ID} is deleted.\n`,
      'It has not ended yet.\n',
    ]);
    const deleted = service!.asked.filter(({ method }) => method === 'DELETE');
    expect(deleted.map(({ path }) => path)).toEqual([`/inspect/${other}`, `/inspect/${ID}`]);
  });

  it('prints JSON', async () => {
    const { exitCode, stdout } = await run(script, ['delete', ID, '--json']);
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, { deleted: [ID] }]);
  });

  it('ends where there is no service', async () => {
    service = await startScriptedService(() => undefined);
    await service.kill();
    expect((await runCli(['delete', ID, other, '--url', service.url])).exitCode).toBe(3);
  });
});
