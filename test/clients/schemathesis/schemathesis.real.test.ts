import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { ensurePython } from '../../python-environment.js';
import { requirePackages } from '../../require-packages.js';
import { submit } from '../../../functions/submit/submit.js';
import { openApi, type OpenApi } from '../../functions/open-api.js';
import { OPERATIONS } from '../../shared/api/api-document.js';
import { openStage, specify, type Stage } from '../../shared/lifecycle/open-stage.js';
import { runUntilQuiet } from '../../shared/lifecycle/run-until-quiet.js';

const VERSION = '4.32.5';
/** For each operation and phase: a minute or two, and no less of it where the machine is slow. */
const MOST_EXAMPLES = 8;
const HOOKS = resolve('test/clients/schemathesis');
/** They do not end by themselves: their own tests read them. */
const STREAMS = ['followEvents', 'followInspection'];
const EVERY_MS = 3_000;

const { python, missing } = ensurePython(`schemathesis-${VERSION}`, [`schemathesis==${VERSION}`]);
requirePackages('schemathesis', missing)('schemathesis', () => {
  let stage: Stage;
  let api: OpenApi;
  /** It leaves a cache where it runs. */
  let folder: string;
  let timer: NodeJS.Timeout;
  let round: Promise<void> = Promise.resolve();
  const limit = process.env['exec_timeout'];

  beforeAll(async () => {
    // Bounds how long a status is waited for.
    process.env['exec_timeout'] = '1s';
    folder = await mkdtemp(join(tmpdir(), 'amun-schemathesis-'));
    stage = await openStage();
    api = await openApi(() => Promise.resolve(stage.ports));
    await submit(stage.ports, specify({ batch_size: 2 }));
    // What was submitted ends now and then, so that it is met at every stage.
    timer = setInterval(() => {
      round = round.then(() => runUntilQuiet(stage, {}, 3)).catch(() => undefined);
    }, EVERY_MS);
  });

  afterAll(async () => {
    clearInterval(timer);
    await round;
    await api.close();
    await stage.close();
    await rm(folder, { recursive: true, force: true });
    if (limit === undefined) delete process.env['exec_timeout'];
    else process.env['exec_timeout'] = limit;
  });

  it('finds nothing wrong with what the document says and what is answered', async () => {
    const words = [
      ...[
        '-m',
        'schemathesis.cli',
        '--config-file',
        join(HOOKS, 'schemathesis.toml'),
        'run',
        `${api.url}/api/v1/openapi.json`,
        '--no-color',
      ],
      ...['--seed', '1', '--max-examples', String(MOST_EXAMPLES)],
      ...['--generation-database', 'none', '--no-shrink'],
      // amun_hooks.py has it as accepts_valid_data, less what a schema cannot say.
      ...['--continue-on-failure', '--exclude-checks', 'positive_data_acceptance'],
      ...STREAMS.flatMap((id) => ['--exclude-operation-id', id]),
    ];
    const { all, exitCode } = await execa(python ?? '', words, {
      all: true,
      reject: false,
      cwd: folder,
      env: { SCHEMATHESIS_HOOKS: 'amun_hooks', PYTHONPATH: HOOKS, PYTHONDONTWRITEBYTECODE: '1' },
    });
    expect(exitCode === 0 ? '' : all).toBe('');
    // All but the document itself, which it has read.
    const tested = /Tested: (\d+)/.exec(all)?.[1];
    expect(Number(tested)).toBe(OPERATIONS.length - STREAMS.length - 1);
    for (const phase of ['Examples', 'Coverage', 'Fuzzing', 'Stateful']) {
      expect(all).toContain(`✅ ${phase}`);
    }
  }, 900_000);
});
