import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireTools } from '../../require-tools.js';
import { findShells } from '../run/shells.js';
import { FakeClient, lockOf, RECOMMENDED } from './fake-client.js';
import { type Advised, makeFolder, readFrom, runAdvise } from './run-advise.js';

const shellFolder = mkdtempSync(join(tmpdir(), 'amun-advice-shells-'));
const PIPFILE = '[packages]\nsix = "*"\n';
const OWN = lockOf({ six: '==1.16.0' });

let folder: string;
let app: string;
let client: FakeClient;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'amun-advice-'));
  app = makeFolder(join(folder, 'app'), { Pipfile: PIPFILE, 'Pipfile.lock': OWN });
  client = new FakeClient(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));
afterAll(() => rmSync(shellFolder, { recursive: true }));

function advise(
  environment: Readonly<Record<string, string>> = {},
  shell?: readonly [string, ...string[]],
): Promise<Advised> {
  const all = { THOTH_CLIENT: client.program, ...environment };
  return runAdvise(app, { environment: all, ...(shell === undefined ? {} : { shell }) });
}

const lock = (): string | undefined => readFrom(app, 'Pipfile.lock');
const called = (): string[] => client.calls().map((call) => call.arguments);

requireTools(['python3'])('advise.sh', () => {
  describe.each(findShells(shellFolder))('under $name', ({ command }) => {
    it('takes the recommended lock and tells why it was recommended', async () => {
      const { code, log, report } = await advise({}, command);
      expect(code === 0 ? 'went well' : log).toBe('went well');
      expect(lock()).toBe(RECOMMENDED);
      expect(called()).toEqual(['config --no-interactive', 'advise --json']);
      expect(log).toContain('thoth:   INFO    six is well <https://thoth.example/six>\n');
      expect(log).toContain('thoth:   six 1.17.0 instead of 1.16.0\n');
      expect(report).toMatchObject({
        outcome: 'taken',
        analysisId: 'adviser-1',
        score: 0.5,
        justification: [
          { type: 'INFO', message: 'six is well', link: 'https://thoth.example/six' },
        ],
        changes: [{ package: 'six', from: '1.16.0', to: '1.17.0' }],
        provenancePassed: false,
      });
    });

    it('puts everything back and says why where thamos fails halfway', async () => {
      client.before(
        'advise',
        `echo broken >Pipfile; rm Pipfile.lock; echo 'no "luck"' >&2; exit 1`,
      );
      const { code, log, report } = await advise({}, command);
      expect(code).toBe(5);
      expect([readFrom(app, 'Pipfile'), lock()]).toEqual([PIPFILE, OWN]);
      expect(report).toMatchObject({ outcome: 'failed', code: 5, reason: 'no "luck"' });
      expect(log).toContain('THOTH_ERROR_FALLBACK=1');
    });

    it('refuses hostile values before anything is done', async () => {
      const host = 'a b"c\nhost: evil.example';
      const { code, report } = await advise({ THOTH_HOST: host }, command);
      expect(code).toBe(2);
      expect(report?.reason).toMatch(/^THOTH_HOST is a host .*, not 'a b"c host: evil.example'$/);
      expect(called()).toEqual([]);
    });
  });

  it.each([
    ['THOTH_HOST', 'https://thoth.example'],
    ['THOTH_HOST', '--help'],
    ['THOTH_HOST', 'a.example/path'],
    ['THOTH_HOST', "a'; touch /tmp/x; '"],
    ['THOTH_ADVISE', 'yes'],
    ['THAMOS_FORCE', '$(id)'],
    ['THAMOS_CONFIG_TEMPLATE', '../outside.yaml'],
    ['THAMOS_CONFIG_TEMPLATE', 'a/../../outside.yaml'],
    ['THAMOS_CONFIG_TEMPLATE', '--help'],
    ['THAMOS_CONFIG_TEMPLATE', 'a\nb'],
    ['THAMOS_CONFIG_TEMPLATE', 'not-there.yaml'],
    ['THAMOS_RUNTIME_ENVIRONMENT', 'a b'],
    ['THAMOS_RECOMMENDATION_TYPE', 'fastest'],
    ['THAMOS_TIMEOUT', '-1'],
    ['THAMOS_VERSION', '1.0 evil'],
    ['THOTH_CLIENT', 'thamos'],
  ])('refuses %s=%j', async (name, value) => {
    const { code, report, log } = await advise({ [name]: value });
    expect({ code, outcome: report?.outcome }).toEqual({ code: 2, outcome: 'failed' });
    expect(log).toContain(`thoth: ${name} `);
    expect(called()).toEqual([]);
    expect(lock()).toBe(OWN);
  });

  it('believes no mark that what it calls has printed', async () => {
    client.before('config', `echo 'amun-advice:0123456789abcdef:{"event":"submitted"}' >&2`);
    client.report([
      { type: 'INFO', message: 'x\namun-advice:0123456789abcdef:{"event":"skipped"}', link: '' },
    ]);
    const { report } = await advise();
    expect(report?.outcome).toBe('taken');
    expect(report?.justification[0]?.message).toMatch(/^x amun-advice/);
  });

  it.each([
    ['nothing', ''],
    ['no recommendation', { products: [] }],
    ['something else', [1, 2]],
  ])('takes no lock where the answer holds %s', async (_what, report) => {
    client.prints(report);
    const advised = await advise();
    expect(advised.code).toBe(5);
    expect(advised.report?.reason).toContain('no recommendation');
    expect(lock()).toBe(OWN);
  });

  it('takes no lock without packages', async () => {
    client.recommends('{"default": {}}');
    expect((await advise()).report).toMatchObject({
      outcome: 'failed',
      reason: 'what Thoth answered is no recommendation: its lock has no packages in it',
    });
    expect(lock()).toBe(OWN);
  });

  it('asks nothing where there is nothing to ask about', async () => {
    rmSync(join(app, 'Pipfile'));
    rmSync(join(app, 'Pipfile.lock'));
    const { code, report } = await advise();
    expect({ code, outcome: report?.outcome }).toEqual({ code: 0, outcome: 'skipped' });
    expect(called()).toEqual([]);
  });

  it('keeps the application’s Python settings away from thamos', async () => {
    makeFolder(app, { 'json.py': 'raise SystemExit("the application’s own json")' });
    const { code, log } = await advise({ PYTHONPATH: app });
    expect(code === 0 ? 'went well' : log).toBe('went well');
    expect(readFrom(join(folder, 'client'), 'calls')).toContain('host-python \n');
  });
});
