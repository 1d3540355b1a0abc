import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireTools } from '../../require-tools.js';
import { FakeClient, lockOf, RECOMMENDED } from './fake-client.js';
import { FakePython } from './fake-python.js';
import { type Advised, makeFolder, readFrom, runAdvise } from './run-advise.js';

const OWN = lockOf({ six: '==1.16.0' });
const ADVISE = 'advise --json';

let folder: string;
let app: string;
let client: FakeClient;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'amun-switches-'));
  app = makeFolder(join(folder, 'app'), {
    Pipfile: '[packages]\nsix = "*"\n',
    'Pipfile.lock': OWN,
    '.thoth.yaml': 'host: kept.example\n',
    'template.yaml': 'host: {THOTH_HOST}\n',
  });
  client = new FakeClient(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

function advise(environment: Readonly<Record<string, string>> = {}): Promise<Advised> {
  return runAdvise(app, { environment: { THOTH_CLIENT: client.program, ...environment } });
}

const lock = (): string | undefined => readFrom(app, 'Pipfile.lock');
const called = (): string[] => client.calls().map((call) => call.arguments);

/** What thamos sees of a variable when it is asked for advice. */
async function seenByThamos(name: string, value?: string): Promise<string | undefined> {
  await advise(value === undefined ? {} : { [name]: value });
  return client.calls().at(-1)?.environment[name];
}

requireTools(['python3'])('the switches of advise.sh', () => {
  test('THOTH_ADVISE=0 goes by the lock; without one advice is asked all the same', async () => {
    const kept = await advise({ THOTH_ADVISE: '0' });
    expect(kept.report).toMatchObject({
      outcome: 'skipped',
      reason: 'THOTH_ADVISE=0, and there is a Pipfile.lock',
    });
    expect([lock(), called()]).toEqual([OWN, []]);
    rmSync(join(app, 'Pipfile.lock'));
    const asked = await advise({ THOTH_ADVISE: '0' });
    expect(asked.report?.outcome).toBe('taken');
    expect(asked.report?.changes).toEqual([{ package: 'six', from: null, to: '1.17.0' }]);
    expect(lock()).toBe(RECOMMENDED);
  });

  test('THOTH_DRY_RUN=1 sends the stack and keeps the lock', async () => {
    const { code, report } = await advise({ THOTH_DRY_RUN: '1' });
    expect({ code, ...report }).toMatchObject({ outcome: 'submitted', analysisId: 'adviser-1' });
    expect(called()).toEqual(['advise --no-wait']);
    expect(lock()).toBe(OWN);
  });

  test('THOTH_DRY_RUN=1 without a lock to keep is refused', async () => {
    rmSync(join(app, 'Pipfile.lock'));
    const { code, log } = await advise({ THOTH_DRY_RUN: '1' });
    expect(code).toBe(2);
    expect(log).toContain('THOTH_DRY_RUN=1 keeps the repository');
    expect(called()).toEqual([]);
  });

  test('THOTH_HOST goes before the configuration’s host', async () => {
    await advise({ THOTH_HOST: 'thoth.example:8443' });
    expect(called()).toEqual([`--thoth-host thoth.example:8443 ${ADVISE}`]);
  });

  test('THOTH_ERROR_FALLBACK=1 goes on with the lock, and says so', async () => {
    client.before('advise', 'echo gone >&2; exit 1');
    const { code, log, report } = await advise({ THOTH_ERROR_FALLBACK: '1' });
    expect(code).toBe(0);
    expect(report).toMatchObject({ outcome: 'fallback', reason: 'gone' });
    expect(log).toContain('going on with the repository’s own Pipfile.lock'.replace('’', "'"));
    expect(lock()).toBe(OWN);
  });

  test('THOTH_ERROR_FALLBACK=1 without a lock to go on with fails', async () => {
    rmSync(join(app, 'Pipfile.lock'));
    client.before('advise', 'exit 1');
    const { code, log } = await advise({ THOTH_ERROR_FALLBACK: '1' });
    expect(code).toBe(5);
    expect(log).toContain('helps only where there is a Pipfile.lock');
  });

  test('THOTH_CONFIG_CHECK=1 ends where the configuration does not fit', async () => {
    const finding = [{ type: 'ERROR', message: 'another CPU', link: '' }];
    client.before('check', `echo '${JSON.stringify(finding)}'; exit 1`);
    expect((await advise()).code).toBe(0);
    const { code, report } = await advise({ THOTH_CONFIG_CHECK: '1' });
    expect(code).toBe(4);
    expect(report?.reason).toBe('.thoth.yaml does not fit this machine: another CPU');
  });

  test('THOTH_PROVENANCE_CHECK=1 looks at the lock, recommended or not', async () => {
    const taken = await advise({ THOTH_PROVENANCE_CHECK: '1' });
    expect(taken.report).toMatchObject({ outcome: 'taken', provenancePassed: true });
    expect(called()).toEqual([ADVISE, 'provenance-check --json']);
    const kept = await advise({ THOTH_PROVENANCE_CHECK: '1', THOTH_ADVISE: '0' });
    expect(kept.report).toMatchObject({ outcome: 'skipped', provenancePassed: true });
  });

  test('THOTH_PROVENANCE_CHECK=1 ends where a package comes from elsewhere, fallback or not', async () => {
    const finding = [{ type: 'ERROR', message: 'six is from elsewhere', link: '' }];
    client.before('provenance-check', `echo '${JSON.stringify(finding)}'; exit 4`);
    const switches = { THOTH_PROVENANCE_CHECK: '1', THOTH_ERROR_FALLBACK: '1' };
    const { code, report } = await advise(switches);
    expect(code).toBe(6);
    expect(report?.reason).toContain('six is from elsewhere');
    expect(lock()).toBe(OWN);
  });

  test('THOTH_OFF=1 does nothing at all', async () => {
    rmSync(join(app, 'Pipfile.lock'));
    const { code, report } = await advise({ THOTH_OFF: '1', THOTH_PROVENANCE_CHECK: '1' });
    expect({ code, ...report }).toMatchObject({
      code: 0,
      outcome: 'skipped',
      reason: 'THOTH_OFF=1',
    });
    expect(called()).toEqual([]);
  });

  test('THOTH_FORCE_GENERATE_CONFIG=1 makes a configuration where there is one', async () => {
    await advise();
    expect(called()).toEqual([ADVISE]);
    await advise({ THOTH_FORCE_GENERATE_CONFIG: '1' });
    expect(called().slice(1)).toEqual(['config --no-interactive', ADVISE]);
    expect(readFrom(app, '.thoth.yaml')).toBe('host: detected.example\n');
  });

  test('THAMOS_CONFIG_TEMPLATE is what the configuration is made from', async () => {
    rmSync(join(app, '.thoth.yaml'));
    await advise({ THAMOS_CONFIG_TEMPLATE: 'template.yaml' });
    expect(called()[0]).toBe('config --no-interactive --template template.yaml');
  });

  test('THOTH_ASSEMBLE_DEBUG=1 shows every command', async () => {
    expect((await advise()).log).not.toMatch(/^\+ /m);
    expect((await advise({ THOTH_ASSEMBLE_DEBUG: '1' })).log).toMatch(/^\+ .*THOTH_DRY_RUN/m);
  });

  test('THOTH_TLS_VERIFY=0 is for the template to name', async () => {
    expect(await seenByThamos('THOTH_TLS_VERIFY')).toBe('true');
    expect(await seenByThamos('THOTH_TLS_VERIFY', '0')).toBe('false');
  });

  // THAMOS_TIMEOUT bounds all of a call, also where nobody answers.
  test('THAMOS_TIMEOUT ends a thamos that never comes back', async () => {
    client.before('advise', 'sleep 600');
    const { code, report } = await advise({ THAMOS_TIMEOUT: '1' });
    expect(code).toBe(5);
    expect(report?.reason).toContain('did not answer within 16 seconds');
  });

  test.each([
    ['THAMOS_FORCE', '0', '1'],
    ['THAMOS_DEBUG', '0', '1'],
    ['THAMOS_VERBOSE', '0', '1'],
    ['THAMOS_DEV', '0', '1'],
    ['THAMOS_NO_PROGRESSBAR', '1', '0'],
    ['THAMOS_CONFIG_EXPAND_ENV', '0', '1'],
    ['THAMOS_RUNTIME_ENVIRONMENT', undefined, 'other'],
    ['THAMOS_RECOMMENDATION_TYPE', undefined, 'performance'],
    ['THAMOS_LABELS', undefined, 'team=blue'],
    ['THAMOS_TIMEOUT', '2700', '60'],
  ])('%s reaches thamos: %s, or what is asked for', async (name, normally, wanted) => {
    expect(await seenByThamos(name)).toBe(normally);
    expect(await seenByThamos(name, wanted)).toBe(wanted);
  });

  test('an empty variable is one that is not set', async () => {
    await advise({ THAMOS_FORCE: '', THAMOS_RUNTIME_ENVIRONMENT: '', THAMOS_CONFIG_TEMPLATE: '' });
    const seen = client.calls().at(-1)?.environment ?? {};
    expect(seen['THAMOS_FORCE']).toBe('0');
    expect(Object.keys(seen)).not.toContain('THAMOS_RUNTIME_ENVIRONMENT');
  });

  describe('of where thamos comes from', () => {
    let python: FakePython;
    const install = (environment: Readonly<Record<string, string>> = {}): Promise<Advised> =>
      runAdvise(app, { environment: { PATH: python.path, ...environment } });

    beforeEach(() => {
      python = new FakePython(folder, client.program);
    });

    test('THOTH_CLIENT is taken as it is', async () => {
      await install({ THOTH_CLIENT: client.program });
      expect(python.installed()).toEqual([]);
    });

    test('THAMOS_VERSION is installed into an environment of its own, which is gone then', async () => {
      const { code, log } = await install({ THAMOS_VERSION: '1.28.0' });
      expect(code === 0 ? 'went well' : log).toBe('went well');
      await install();
      expect(python.installed()).toEqual(['thamos==1.28.0', 'thamos==1.29.1']);
      expect(python.environments()).toHaveLength(2);
      expect(python.environments().filter((path) => readFrom(path, 'bin/thamos'))).toEqual([]);
    });

    test('THOTH_FROM_MASTER=1 installs what is not released yet', async () => {
      await install({ THOTH_FROM_MASTER: '1' });
      expect(python.installed()).toEqual(['git+https://github.com/thoth-station/thamos']);
    });

    test('where it cannot be installed, that is an error to fall back from', async () => {
      python.break();
      const { code, report } = await install();
      expect(code).toBe(3);
      expect(report?.reason).toContain('thamos could not be installed');
      expect((await install({ THOTH_ERROR_FALLBACK: '1' })).report?.outcome).toBe('fallback');
      expect(lock()).toBe(OWN);
    });
  });
});
