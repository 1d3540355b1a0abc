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

const listing =
  (total: number): Script =>
  ({ path }) =>
    path === '/inspect' ? { body: { items: [ITEM], total } } : undefined;

describe('amun list', () => {
  it('shows a table, and how to see more', async () => {
    const { exitCode, stdout, stderr } = await run(listing(7), ['list', '--limit', '1']);
    expect(stdout).toMatch(
      new RegExp(`^INSPECTION +PHASE.*\n${ID}  failed +ScriptFailed +3 min 20 s`),
    );
    expect(stderr).toContain('1 of 7; `amun list --page 2 --limit 1` shows more.');
    expect(exitCode).toBe(0);
    expect(Object.fromEntries(service!.asked[0]!.query)).toEqual({
      page: '1',
      limit: '1',
      details: 'true',
    });
  });

  it('asks for what is wanted, and shows labels where there are any', async () => {
    const labels = { team: 'qa', 'example.org/run': '7' };
    const filters = ['--phase', 'queued,running', '--phase', 'failed', '--identifier', 'mine'];
    const more = ['--label', 'team=qa', '--label', 'example.org/run', '--since', '2026-01-31'];
    const body = { items: [{ ...ITEM, labels }], total: 30, next_cursor: 'x' };
    const { stdout, stderr } = await run(() => ({ body }), ['list', ...filters, ...more]);
    expect(Object.fromEntries(service!.asked[0]!.query)).toEqual({
      page: '1',
      limit: '20',
      details: 'true',
      phase: 'queued,running,failed',
      identifier: 'mine',
      label: 'team=qa,example.org/run',
      created_after: '2026-01-31T00:00:00.000Z',
    });
    expect(stdout).toMatch(/ LABELS\n.* team=qa,example\.org\/run=7\n$/);
    expect(stderr).toContain('1 of 30; the same with `--page 2 --limit 20` shows more.');
  });

  it('says that nothing fits', async () => {
    const body = { items: [], total: 0, next_cursor: null };
    const { stderr } = await run(() => ({ body }), ['list', '--label', 'team']);
    expect(stderr).toBe('No inspection is like that.\n');
  });

  it.each(['yesterday', '2 weeks', '-2h', '2026-31-01', ''])(
    'takes no --since %j',
    async (text) => {
      const { exitCode, stderr } = await run(listing(1), ['list', `--since=${text}`]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('Write a span like 30min, 2h or 7d');
      expect(service!.asked).toEqual([]);
    },
  );

  it('says what to do where there is nothing', async () => {
    const { stdout, stderr } = await run(() => ({ body: { items: [], total: 0 } }), ['list']);
    expect(stdout).toBe('');
    expect(stderr).toContain('`amun inspect FILE`');
  });

  it('prints JSON', async () => {
    const { stdout } = await run(listing(1), ['list', '--json']);
    expect(JSON.parse(stdout)).toEqual({ items: [ITEM], total: 1, page: 1, limit: 20 });
  });
});
