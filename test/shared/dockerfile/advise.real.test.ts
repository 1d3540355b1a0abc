import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'smol-toml';
import { readAdvice } from '../../../shared/advice/read-advice.js';
import type { Advice } from '../../../shared/inspection/advice.js';
import type { JsonObject } from '../../../shared/inspection/specification.js';
import { requireTools } from '../../require-tools.js';
import { ensureBuilderImage } from '../../s2i/builder-image.js';
import { openEngine } from '../../s2i/open-engine.js';
import { operatorAuthorities, operatorEnvironment } from '../../s2i/operator.js';
import type { AdvisedStack } from '../../thoth/answer.js';
import { withThamos } from '../../thoth/require-thamos.js';
import { type StartedStandIn, startStandIn } from '../../thoth/start-stand-in.js';
import { BUILD_TOOLS, ImageBuilder } from './build-image.js';

/** The client has some seventy packages, and the machine may be busy. */
const BUILD_MS = 1_200_000;

/** What builds install, downloaded once for all of them. */
const GET_WHEELS = `RUN python3 -m venv /get && export PIP_CERT=/authorities.pem \\
  && /get/bin/pip install --quiet wheel \\
  && /get/bin/pip wheel --quiet --wheel-dir=/wheels thamos==1.29.1 micropipenv six==1.17.0 \\
  && /get/bin/pip wheel --quiet --wheel-dir=/wheels --no-deps six==1.16.0 && rm -rf /get`;
const FROM_WHEELS = [
  { name: 'PIP_NO_INDEX', value: '1' },
  { name: 'PIP_FIND_LINKS', value: '/wheels' },
];

const HASHES: Readonly<Record<string, string>> = {
  '1.16.0': '8abb2f1d86890a2dfb989f9a77cfcfd3e47c2a354b01111771326f8aa26e0254',
  '1.17.0': '4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274',
};
const { source } = parse(await readFile('test/s2i/small-stack/Pipfile', 'utf8')) as JsonObject;
const PIPFILE = { source: source ?? [], packages: { six: '*' } };

function lockOf(version: string): JsonObject {
  const hashes = [`sha256:${HASHES[version] ?? ''}`];
  return {
    _meta: {
      hash: { sha256: '0'.repeat(64) },
      'pipfile-spec': 6,
      requires: { python_version: '3.11' },
      sources: source ?? [],
    },
    default: { six: { hashes, index: 'pypi', version: `==${version}` } },
    develop: {},
  };
}

const ADVISED: AdvisedStack = {
  requirements: PIPFILE,
  requirementsLocked: lockOf('1.17.0'),
  score: 0.5,
  justification: [
    { type: 'INFO', message: 'six 1.17.0 is newer', link: 'https://thoth.example/newer' },
  ],
};

requireTools([...BUILD_TOOLS, 'openssl', 'python3'], withThamos)('a build that asks Thoth', () => {
  const builder = new ImageBuilder();
  let base = '';
  let folder = '';
  let standIn: StartedStandIn;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'amun-advise-'));
    const plain = await ensureBuilderImage(
      await openEngine(folder),
      path.resolve('test/s2i/builder'),
    );
    const lines = [`FROM ${plain}`, 'USER 0', 'COPY authorities.pem /authorities.pem', GET_WHEELS];
    const files = { 'authorities.pem': operatorAuthorities() };
    base = await builder.base(lines, files, { timeout: BUILD_MS });
    standIn = await startStandIn();
  }, BUILD_MS);

  beforeEach(() => {
    standIn.thoth.requests.length = 0;
    standIn.thoth.answer = () => ({ kind: 'advice', stack: ADVISED });
  });

  afterAll(async () => {
    await standIn.stop();
    await builder.removeAll();
    await rm(folder, { recursive: true, force: true });
  }, 120_000);

  interface Made {
    /** "went well", or the log of a build that did not. */
    readonly end: string;
    readonly log: string;
    readonly image: string;
    readonly advice: Advice | undefined;
  }

  async function build(
    advise: JsonObject,
    fields: { readonly lock?: JsonObject; readonly environment?: readonly object[] } = {},
    certificate = standIn.certificate,
  ): Promise<Made> {
    const { NO_PROXY = '', ...operator } = operatorEnvironment();
    const { lock = lockOf('1.16.0'), environment = [] } = fields;
    const specification = {
      base,
      python: { requirements: PIPFILE, requirements_locked: lock },
      advise: { host: standIn.host, ...advise },
      environment: [...FROM_WHEELS, ...environment],
      run: { requests: { hardware: { cpu_family: 6, cpu_model: 85 } } },
    };
    const settings = {
      caBundle: `${operatorAuthorities()}\n${certificate}`,
      environment: { ...operator, NO_PROXY: `${NO_PROXY},127.0.0.1` },
    };
    const built = await builder.build(specification, { operator: settings, timeout: BUILD_MS });
    const { exitCode, log, image } = built;
    return { end: exitCode === 0 ? 'went well' : log, log, image, advice: readAdvice(log) };
  }

  /** What the image's Python imports, what its lock says, and what there is besides. */
  async function look(image: string): Promise<{ versions: string[]; rest: string }> {
    const seen = await builder.run(
      image,
      `python -c 'import six; print(six.__version__)'
       python -c 'import json; print(json.load(open("Pipfile.lock"))["default"]["six"]["version"])'
       ls -A . /tmp /amun; pip list --disable-pip-version-check --format=freeze`,
    );
    const [imported = '', locked = '', ...rest] = seen.split('\n');
    return { versions: [imported, locked], rest: rest.join('\n') };
  }

  test(
    'installs what it recommends, and leaves nothing of the client behind',
    async () => {
      const environment = [
        { name: 'THOTH_HOST', value: 'elsewhere.example' },
        { name: 'THOTH_OFF', value: '1' },
        { name: 'THAMOS_FORCE', value: '1' },
      ];
      const { end, image, advice } = await build({}, { environment });
      expect(end).toBe('went well');
      expect(advice).toMatchObject({
        state: 'taken',
        analysisId: expect.stringMatching(/^adviser-/) as string,
        score: 0.5,
        justification: ADVISED.justification,
        changes: [{ package: 'six', from: '1.16.0', to: '1.17.0' }],
        requirementsLocked: { default: ADVISED.requirementsLocked['default'] },
      });
      const [asked, ...more] = standIn.thoth.asked();
      expect(more).toEqual([]);
      expect(asked?.query).toMatchObject({ recommendation_type: 'performance', force: 'False' });
      expect(asked?.body).toMatchObject({
        runtime_environment: {
          hardware: { cpu_family: 6, cpu_model: 85 },
          operating_system: { name: 'debian' },
          python_version: '3.11',
        },
      });
      const { versions, rest } = await look(image);
      expect(versions).toEqual(['1.17.0', '==1.17.0']);
      expect(rest).not.toMatch(/thoth|thamos|requests|amun\./i);
    },
    BUILD_MS,
  );

  test(
    'asks where there is no lock; with force, so that it is worked out anew',
    async () => {
      const advise = { force: true, recommendation_type: 'security' };
      const { end, image, advice } = await build(advise, { lock: {} });
      expect(end).toBe('went well');
      expect(advice).toMatchObject({ state: 'taken', changes: [{ from: null, to: '1.17.0' }] });
      const [asked] = standIn.thoth.asked();
      expect(asked?.query).toMatchObject({ recommendation_type: 'security', force: 'True' });
      expect((await look(image)).versions).toEqual(['1.17.0', '==1.17.0']);
    },
    BUILD_MS,
  );

  test(
    'only sends the stack in a dry run',
    async () => {
      const { end, image, advice } = await build({ dry_run: true });
      expect(end).toBe('went well');
      expect(advice).toMatchObject({ state: 'submitted' });
      expect(standIn.thoth.asked()).toHaveLength(1);
      expect((await look(image)).versions).toEqual(['1.16.0', '==1.16.0']);
    },
    BUILD_MS,
  );

  test(
    'goes on with the lock where Thoth is down, and says so',
    async () => {
      const { end, log, image, advice } = await build({ host: '127.0.0.1:1' });
      expect(end).toBe('went well');
      expect(advice).toMatchObject({ state: 'fell_back' });
      expect(advice?.message).toMatch(/own lock is installed: .*refused/);
      expect(log).toMatch(/going on with the repository's own Pipfile.lock/);
      expect((await look(image)).versions).toEqual(['1.16.0', '==1.16.0']);
    },
    BUILD_MS,
  );

  test(
    'without fallback it fails, here since nobody vouches for that Thoth; it is told nothing',
    async () => {
      const { end, advice } = await build({ fallback: false }, {}, '');
      expect(end).toContain('there is no advice to build with');
      expect(advice?.state).toBe('failed');
      expect(advice?.message).toMatch(/certificate/i);
      expect(standIn.thoth.requests).toEqual([]);
    },
    BUILD_MS,
  );
});
