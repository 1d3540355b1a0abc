import fc from 'fast-check';
import { AmunError } from '../../../shared/errors/amun-error.js';
import { parseSpecification } from '../../../shared/inspection/parse-specification.js';
import { SPECIFICATION_SCHEMA } from '../../../shared/inspection/validation/schema-node.js';
import { almostSpecification } from './almost-specification.js';
import { ALL_NULL, TENSORFLOW, UNTIDY } from './good-specifications.js';

const DEFAULTS = {
  base: 'fedora:28',
  packages: [],
  python_packages: [],
  package_manager: 'micropipenv',
  files: [],
  environment: [],
  batch_size: 1,
  build: { requests: { cpu: '500m', memory: '256Mi', hardware: {} } },
  run: { requests: { cpu: '500m', memory: '256Mi', hardware: {} } },
  update: false,
  upgrade_pip: false,
  send_messages: true,
  force_sync: false,
  force: false,
};

describe('parseSpecification', () => {
  test('fills in every default', () => {
    expect(parseSpecification({ base: 'fedora:28' })).toStrictEqual(DEFAULTS);
  });

  test("fills in the schema's defaults, so that they say the truth", () => {
    for (const [name, node] of Object.entries(SPECIFICATION_SCHEMA.properties ?? {})) {
      if (node.default !== undefined) expect(DEFAULTS).toHaveProperty(name, node.default);
    }
    for (const [name, node] of Object.entries(
      SPECIFICATION_SCHEMA.$defs?.requests?.properties ?? {},
    )) {
      if (node.default !== undefined)
        expect(DEFAULTS.run.requests).toHaveProperty(name, node.default);
    }
  });

  test('takes null for absent at every level', () => {
    expect(parseSpecification(ALL_NULL)).toStrictEqual(DEFAULTS);
  });

  test('takes what a generated client always sends, and drops it', () => {
    const sent = { base: 'fedora:28', parallelism: 1, allowed_failures: 1 };
    expect(parseSpecification(sent)).toStrictEqual(DEFAULTS);
  });

  test("takes a stored TensorFlow inspection as it is, less what is the server's", () => {
    const sent = Object.fromEntries(
      Object.entries(TENSORFLOW).filter(([name]) => !name.startsWith('@')),
    );
    const { python, run, ...parsed } = parseSpecification(TENSORFLOW);
    expect({ ...sent, ...parsed, python: sent.python, run: sent.run }).toEqual({
      ...sent,
      update: false,
      upgrade_pip: false,
      send_messages: true,
      force_sync: false,
      force: false,
      build: { requests: { cpu: '3', memory: '4Gi', hardware: {} } },
    });
    expect(python?.requirements).toEqual((sent.python as typeof TENSORFLOW).requirements);
    expect(python).toHaveProperty(
      ['requirements_locked', 'default', 'tensorflow', 'markers'],
      null,
    );
    expect(python).not.toHaveProperty('constraints');
    expect(run.requests.hardware).toEqual({
      cpu_family: 6,
      cpu_model: 85,
      processor: 'GenuineIntel',
      physical_cpus: 32,
    });
  });

  test('lets the lock be left out where advice is asked, and fills in what to ask', () => {
    const python = { requirements: { packages: { six: '*' } }, requirements_locked: {} };
    const parsed = parseSpecification({
      base: 'b',
      python,
      advise: { host: 'Thoth.example:8443' },
    });
    expect(parsed.python).toEqual({ requirements: python.requirements });
    expect(parsed.advise).toEqual({
      host: 'thoth.example:8443',
      recommendation_type: 'performance',
      dry_run: false,
      fallback: true,
      force: false,
    });
    expect(parseSpecification(parsed)).toEqual(parsed);
    expect(parseSpecification({ base: 'b', advise: null })).not.toHaveProperty('advise');
  });

  test('writes in one way what may be written in several', () => {
    const parsed = parseSpecification(UNTIDY);
    expect(parsed.python_packages).toEqual(['requests >= 2.31']);
    expect(parsed).not.toHaveProperty('python');
    expect(parsed).not.toHaveProperty('labels');
    expect(parsed.files.map(({ path }) => path)).toEqual(['/opt/app/a.txt', '/opt/app/b']);
    expect(parsed.files[0]!.content).toBe((UNTIDY.files as { content: string }[])[0]!.content);
    expect(parsed.environment).toEqual(UNTIDY.environment);
    expect(parsed.script).toBe('HTTPS://example.org/run.sh?x=1&y=%20');
    expect(parsed.build.requests).toEqual({ cpu: '2', memory: '1073741824', hardware: {} });
    expect(parsed.run.requests).toEqual({ cpu: '0.5', memory: '1e9', hardware: { gpu: 2 } });
  });

  test.each([TENSORFLOW, ALL_NULL, UNTIDY])('leaves its input as it is', (input) => {
    const before = structuredClone(input);
    parseSpecification(input);
    expect(input).toEqual(before);
  });

  test('takes objects without a prototype', () => {
    const input = Object.assign(Object.create(null) as object, { base: 'fedora:28' });
    expect(parseSpecification(input)).toStrictEqual(DEFAULTS);
  });
});

/** The parsed specification, or undefined where it was refused as it should be. */
function tryToParse(input: unknown): ReturnType<typeof parseSpecification> | undefined {
  try {
    return parseSpecification(input);
  } catch (error) {
    if (!(error instanceof AmunError)) throw error;
    expect(error.code).toBe('InvalidSpecification');
    expect(error.details?.length).toBeGreaterThan(0);
    return undefined;
  }
}

describe('parseSpecification, for whatever is sent,', () => {
  test('throws nothing but InvalidSpecification with findings', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (input) => void tryToParse(input)),
    );
    fc.assert(
      fc.property(fc.jsonValue(), (fields) => void tryToParse({ base: 'x', python: fields })),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (fields) => {
        tryToParse({ base: 'x', ...fields });
      }),
    );
  });

  test('makes what it makes itself of, unchanged', () => {
    let parsedOnes = 0;
    fc.assert(
      fc.property(almostSpecification, (input) => {
        const parsed = tryToParse(input);
        if (parsed === undefined) return;
        parsedOnes += 1;
        expect(parseSpecification(JSON.parse(JSON.stringify(parsed)))).toStrictEqual(
          JSON.parse(JSON.stringify(parsed)),
        );
        expect(parseSpecification(parsed)).toStrictEqual(parsed);
      }),
      { numRuns: 2000 },
    );
    expect(parsedOnes).toBeGreaterThan(300);
    for (const good of [TENSORFLOW, ALL_NULL, UNTIDY]) {
      const parsed = parseSpecification(good);
      expect(parseSpecification(parsed)).toStrictEqual(parsed);
    }
  });
});
