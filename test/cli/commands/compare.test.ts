import { runCli, type CliRun } from '../run-cli.js';
import { figures, MATRIX_ID, matrixAnswer, summaryOf } from '../scripted-matrix.js';
import { startScriptedService, type ScriptedService, type Script } from '../scripted-service.js';

const FAST = 'inspection-fast-0000000000000001';
const SLOW = 'inspection-slow-0000000000000002';
const GOING = 'inspection-0000000000000003';

let service: ScriptedService | undefined;
afterEach(async () => {
  await service?.kill().catch(() => undefined);
  service = undefined;
});

const SERVICE: Script = ({ path }) => {
  if (path === `/matrix/${MATRIX_ID}`) return { body: matrixAnswer('succeeded') };
  const [, id, what] = /^\/inspect\/([^/]+)\/(.+)$/.exec(path) ?? [];
  if (path === '/inspect') {
    const items = [GOING, SLOW, FAST].map((inspection_id) => ({ inspection_id }));
    return { body: { total: 3, items } };
  }
  if (what === 'status' && [FAST, SLOW, GOING].includes(String(id))) {
    const phase = id === GOING ? 'running' : 'succeeded';
    return { body: { inspection_id: id, phase, build: { reused: true } } };
  }
  if (what === 'job/summary' && id !== GOING) {
    return { body: summaryOf(id === FAST ? figures(1, 1.1, 0.9) : figures(3, 3.1, 2.9)) };
  }
  return undefined;
};

async function compare(words: readonly string[], script: Script = SERVICE): Promise<CliRun> {
  service = await startScriptedService(script);
  return runCli(['compare', ...words], { environment: { AMUN_URL: service.url } });
}

describe('amun compare', () => {
  it('prints the table of a matrix', async () => {
    const { exitCode, stdout } = await compare([MATRIX_ID]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('two cores  3     1.023  0.1126  1.01    0.5117  lower (p < 0.001)');
    expect(service!.asked).toHaveLength(1);
  });

  it('puts inspections side by side, by the beginnings of their ids', async () => {
    const { stdout } = await compare(['fast', 'slow', GOING]);
    expect(stdout).toContain(
      `fast                         succeeded  3/3   reused  -       ${FAST}`,
    );
    expect(stdout).toContain(`running    -     reused  -       ${GOING}\n`);
    expect(stdout).toMatch(/slow +3 +3 +0\.1 +3 +3 +higher \(p < 0\.001\)\n/);
  });

  it('prints JSON', async () => {
    const several = JSON.parse((await compare([FAST, SLOW, '--json'])).stdout) as unknown;
    expect(several).toMatchObject({ table: { columns: ['/seconds', 'ru_utime'] } });
    await service!.kill();
    const matrix = JSON.parse((await compare([MATRIX_ID, '--json'])).stdout) as unknown;
    expect(matrix).toMatchObject({ matrix_id: MATRIX_ID, table: { rows: [{}, {}] } });
  });

  it('shows a dozen numbers, and all of them on request', async () => {
    const statistics = Object.fromEntries(
      Array.from({ length: 30 }, (_, n) => [`/n${n}`, figures(n)]),
    );
    const script: Script = (asked) =>
      asked.path.endsWith('/job/summary')
        ? { body: { ...summaryOf(figures(1)), statistics } }
        : SERVICE(asked);
    const some = await compare([FAST], script);
    expect(some.stdout).toContain('/n11 ');
    expect(some.stdout).not.toContain('/n12 ');
    expect(some.stdout).toContain('and 19 more numbers; --all shows them\n');
    await service!.kill();
    expect((await compare([FAST, '--all'], script)).stdout).toContain('/n29 ');
  });

  it('lets no name or number reach the terminal as it is', async () => {
    const answer = matrixAnswer('succeeded') as { table: { rows: { name: string }[] } };
    answer.table.rows[0]!.name = 'a\x1b]0;title\x07\nb';
    const { stdout } = await compare([MATRIX_ID], () => ({ body: answer }));
    expect(stdout).not.toMatch(/[\x07\x1b]/);
    expect(stdout).toContain('a�]0;title� b  succeeded');
  });

  it('bears an answer of which nothing is as expected', async () => {
    const rows = [null, 7, { values: { '/x': null }, outcomes: [], difference: { '/x': 1 } }];
    const body = { table: { columns: ['/x', 5], rows } };
    const { exitCode, stdout } = await compare([MATRIX_ID], () => ({ body }));
    expect(exitCode).toBe(0);
    expect(stdout).toContain('unknown');
  });

  it.each([[[MATRIX_ID, FAST]], [[FAST, MATRIX_ID]], [[MATRIX_ID, MATRIX_ID]]])(
    'refuses %j',
    async (words) => {
      const { exitCode, stderr } = await compare(words);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('Compare one matrix, or several inspections');
    },
  );

  it('says what there is not', async () => {
    expect(await compare(['matrix-ffffffffffffffff'])).toMatchObject({ exitCode: 1 });
    await service!.kill();
    expect(await compare(['inspection-ffffffffffffffff'])).toMatchObject({ exitCode: 1 });
  });
});
