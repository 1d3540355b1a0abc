import { runCli, type CliRun } from '../run-cli.js';
import { ID } from '../scripted-inspection.js';
import { startScriptedService, type Script, type ScriptedService } from '../scripted-service.js';

let service: ScriptedService | undefined;

afterEach(async () => {
  await service?.kill().catch(() => undefined);
  service = undefined;
});

async function run(script: Script, ...words: string[]): Promise<CliRun> {
  service = await startScriptedService(script);
  return await runCli(['advice', ID, ...words, '--url', service.url]);
}

const LOCK = { default: { six: { version: '==1.17.0' } }, develop: {} };
const ADVICE = {
  inspection_id: ID,
  state: 'taken',
  message: 'The stack that Thoth recommends is installed.',
  analysis_id: 'adviser-1',
  score: 0.5,
  stack_info: [{ type: 'WARNING', message: 'It is\n\u001b[2Jold.', link: '' }],
  justification: [{ type: 'INFO', message: 'It is newer.', link: 'https://thoth.example/newer' }],
  changes: [
    { package: 'six', from: '1.16.0', to: '1.17.0' },
    { package: 'numpy', from: null, to: '2.0.0' },
  ],
  requirements_locked: LOCK,
  parameters: { inspection_id: ID },
};
const withAdvice =
  (advice: object): Script =>
  ({ path }) =>
    path === `/inspect/${ID}/advice` ? { body: advice } : { body: { items: [], total: 0 } };

describe('amun advice', () => {
  it('tells the versions and the reasons', async () => {
    const { exitCode, stdout } = await run(withAdvice(ADVICE));
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`Thoth (adviser-1): The stack that Thoth recommends is installed.
Its score: 0.5.

PACKAGE  SENT    RECOMMENDED
six      1.16.0  1.17.0
numpy    -       2.0.0

Of the stack that was sent:
  WARNING  It is \uFFFD[2Jold.

Of the stack that it recommends:
  INFO  It is newer. https://thoth.example/newer
`);
  });

  it('prints the lock alone, as a file', async () => {
    const { exitCode, stdout } = await run(withAdvice(ADVICE), '--lock');
    expect([exitCode, stdout]).toEqual([0, `${JSON.stringify(LOCK, null, 4)}\n`]);
  });

  it('says why there is no lock', async () => {
    const fallen = { state: 'fell_back', message: 'Thoth is down.', requirements_locked: null };
    const { exitCode, stdout, stderr } = await run(withAdvice(fallen), '--lock');
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toBe(`${ID} has no lock of Thoth's: Thoth is down.\n`);
  });

  it('prints JSON', async () => {
    const { stdout } = await run(withAdvice(ADVICE), '--json');
    expect(JSON.parse(stdout)).toMatchObject({ state: 'taken', requirements_locked: LOCK });
  });

  it('passes on that nobody was asked', async () => {
    const error = `${ID} asked for no advice.`;
    const refuse: Script = () => ({ status: 404, body: { error, code: 'NotFound' } });
    const { exitCode, stderr } = await run(refuse);
    expect([exitCode, stderr]).toEqual([1, `${error}\n`]);
  });
});
