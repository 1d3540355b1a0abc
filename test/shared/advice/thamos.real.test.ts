import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { requireTools } from '../../require-tools.js';
import { THAMOS, withThamos } from '../../thoth/require-thamos.js';
import { ADVISED, OWN_LOCK, RealStage, TEMPLATE } from './real-stage.js';

const HOUR = 3_600_000;

requireTools(['openssl', 'python3', 'flock'], withThamos)('thamos against the stand-in', () => {
  let stage: RealStage;
  beforeEach(async () => {
    stage = await new RealStage(THAMOS).start();
  });
  afterEach(() => stage.stop());

  it('takes what Thoth recommends; sends the stack, what uses it and where it runs', async () => {
    const { code, log, report } = await stage.advise({
      THOTH_FORCE_GENERATE_CONFIG: '1',
      THAMOS_CONFIG_TEMPLATE: 'template',
      THAMOS_CONFIG_EXPAND_ENV: '1',
      THOTH_CONFIG_CHECK: '1',
      THOTH_HOST: stage.started.host,
      THOTH_TLS_VERIFY: '0',
    });
    expect(code === 0 ? 'went well' : log).toBe('went well');
    expect(stage.version()).toBe('==1.17.0');
    expect(report).toMatchObject({
      outcome: 'taken',
      score: 0.75,
      justification: ADVISED.justification,
      stackInfo: ADVISED.stackInfo,
      changes: [{ package: 'six', from: '1.16.0', to: '1.17.0' }],
    });
    expect(report?.analysisId).toMatch(/^adviser-/);
    const [asked, ...more] = stage.thoth.asked();
    expect(more).toEqual([]);
    expect(asked?.query).toMatchObject({
      recommendation_type: 'performance',
      source_type: 'cli',
    });
    expect(asked?.query).toMatchObject({ debug: 'False', dev: 'False', force: 'False' });
    const body = asked?.body as Record<string, Record<string, unknown>>;
    expect(body['application_stack']?.['requirements']).toContain('six = "*"');
    expect(body['application_stack']?.['requirements_lock']).toContain('==1.16.0');
    expect(body['library_usage']?.['report']).toMatchObject({ six: ['six.PY3'] });
    expect(Object.keys(body['runtime_environment'] ?? {})).toEqual(
      expect.arrayContaining(['name', 'operating_system', 'hardware', 'python_version']),
    );
  });

  it('waits until the analysis has ended', async () => {
    stage.thoth.answer = () => ({ kind: 'advice', stack: ADVISED, polls: 2 });
    expect((await stage.advise()).report?.outcome).toBe('taken');
    const polls = stage.thoth.requests.filter(({ path }) => path.includes('python/adviser-'));
    expect(polls).toHaveLength(4);
  });

  it('only sends the stack in a dry run', async () => {
    const { report } = await stage.advise({ THOTH_DRY_RUN: '1' });
    expect(report?.outcome).toBe('submitted');
    expect(stage.read('Pipfile.lock')).toBe(OWN_LOCK);
    expect(stage.thoth.asked()).toHaveLength(1);
    expect(stage.thoth.requests.at(-1)?.method).toBe('POST');
  });

  it('asks where there is no lock, advice wanted or not', async () => {
    rmSync(join(stage.app, 'Pipfile.lock'));
    const { report } = await stage.advise({ THOTH_ADVISE: '0' });
    expect(report?.outcome).toBe('taken');
    expect(stage.version()).toBe('==1.17.0');
  });

  it('hears of the switches', async () => {
    stage.configure('  - name: one\n  - name: two\n    python_version: "3.9"\n');
    const { log } = await stage.advise({
      THAMOS_FORCE: '1',
      THAMOS_DEBUG: '1',
      THAMOS_DEV: '1',
      THAMOS_VERBOSE: '1',
      THAMOS_RECOMMENDATION_TYPE: 'security',
      THAMOS_LABELS: 'team=blue',
      THAMOS_RUNTIME_ENVIRONMENT: 'two',
    });
    expect(log).toContain(' DEBUG ');
    const [asked] = stage.thoth.asked();
    expect(asked?.query).toMatchObject({ force: 'True', debug: 'True', dev: 'True' });
    expect(asked?.query['recommendation_type']).toBe('security');
    expect(asked?.body).toMatchObject({
      labels: { team: 'blue' },
      runtime_environment: { name: 'two' },
    });
  });

  it('gets the same answer for three hours, unless it is forced', async () => {
    const ids: (string | undefined)[] = [];
    // Each build begins with the repository's own files.
    const build = async (environment = {}): Promise<void> => {
      stage.reset();
      ids.push((await stage.advise(environment)).report?.analysisId);
    };
    await build();
    stage.now += 3 * HOUR - 1;
    await build();
    await build({ THAMOS_FORCE: '1' });
    stage.now += 3 * HOUR;
    await build();
    expect(ids.map((id) => ids.indexOf(id))).toEqual([0, 0, 2, 3]);
    expect(stage.thoth.asked()).toHaveLength(4);
  });

  it('checks where the packages come from', async () => {
    stage.thoth.answer = () => ({ kind: 'provenance', findings: [] });
    const switches = { THOTH_ADVISE: '0', THOTH_PROVENANCE_CHECK: '1' };
    expect((await stage.advise(switches)).report?.provenancePassed).toBe(true);
    expect(stage.thoth.asked('provenance')).toHaveLength(1);
    const finding = { type: 'ERROR', message: 'six is from elsewhere', id: 'X', link: '' };
    stage.thoth.answer = () => ({ kind: 'provenance', findings: [finding] });
    const { code, report } = await stage.advise({ ...switches, THAMOS_FORCE: '1' });
    expect(code).toBe(6);
    expect(report?.reason).toContain('six is from elsewhere');
  });

  it('ends where the configuration is for another machine', async () => {
    const hardware = '    hardware:\n      cpu_family: 1\n      cpu_model: 1\n';
    stage.configure(`  - name: other\n${hardware}`);
    const { code, report } = await stage.advise({ THOTH_CONFIG_CHECK: '1' });
    expect(code).toBe(4);
    expect(report?.reason).toMatch(/CPU model/);
    expect(stage.thoth.requests).toEqual([]);
  });

  it('names what a template asks for in vain', async () => {
    stage.write({ template: `${TEMPLATE}# {NOT_SET}\n` });
    const switches = {
      THOTH_FORCE_GENERATE_CONFIG: '1',
      THAMOS_CONFIG_TEMPLATE: 'template',
      THAMOS_CONFIG_EXPAND_ENV: '1',
    };
    const { code, report } = await stage.advise(switches);
    expect(code).toBe(4);
    expect(report?.reason).toMatch(/NOT_SET.*variable of the environment/);
    // As far as the configuration, which is then for a Thoth that is not the stand-in.
    const further = await stage.advise({ ...switches, NOT_SET: 'x', THOTH_HOST: '127.0.0.1:1' });
    expect(further.code).toBe(5);
    expect(stage.read('.thoth.yaml')).toContain('# x\n');
  });
});
