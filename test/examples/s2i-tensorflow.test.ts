import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'smol-toml';
import { requireTools } from '../require-tools.js';

const EXAMPLE = 'examples/s2i-tensorflow';
const PARTS = readdirSync('shared/advice').filter((name) => /\.(sh|py)$/.test(name));
const read = (name: string): string => readFileSync(join(EXAMPLE, name), 'utf8');
/** What advise.sh reads: `flag NAME …` and `setting NAME …`. */
const SWITCHES = [
  ...readFileSync('shared/advice/switches.sh', 'utf8').matchAll(/^ *(?:flag|setting) (\w+)/gm),
].map(([, name = '']) => name);

describe('examples/s2i-tensorflow', () => {
  it('has the assemble logic whole, in the version of shared/advice', () => {
    expect(readdirSync(join(EXAMPLE, '.s2i/thoth')).sort()).toEqual([...PARTS].sort());
    for (const name of PARTS) {
      expect(read(`.s2i/thoth/${name}`)).toBe(readFileSync(join('shared/advice', name), 'utf8'));
    }
  });

  it('has an assemble script that can be run', () => {
    expect(statSync(join(EXAMPLE, '.s2i/bin/assemble')).mode & 0o111).toBe(0o111);
    execFileSync('sh', ['-n', join(EXAMPLE, '.s2i/bin/assemble')]);
  });

  it('explains every switch in its README, and has a test for each', () => {
    const rows = [...read('README.md').matchAll(/^\| `(TH\w+)`/gm)].map(([, name]) => name);
    expect([...rows].sort()).toEqual([...SWITCHES, 'THAMOS_LABELS'].sort());
    const tests = readFileSync('test/shared/advice/switches.test.ts', 'utf8');
    for (const name of rows) expect(tests).toMatch(new RegExp(`test\\('${name}|\\['${name}'`));
  });

  it('has a lock that belongs to its Pipfile', () => {
    const pipfile = parse(read('Pipfile')) as Record<string, object>;
    const lock = JSON.parse(read('Pipfile.lock')) as {
      _meta: { hash: { sha256: string } };
      default: Record<string, { hashes: string[]; version: string }>;
    };
    const hashed = {
      _meta: {
        requires: pipfile['requires'],
        sources: [sorted((pipfile['source'] as object[])[0]!)],
      },
      default: pipfile['packages'],
      develop: pipfile['dev-packages'],
    };
    const hash = createHash('sha256').update(JSON.stringify(hashed)).digest('hex');
    expect(lock._meta.hash.sha256).toBe(hash);
    expect(lock.default['tensorflow']?.version).toMatch(/^==2\./);
    for (const entry of Object.values(lock.default)) expect(entry.hashes.length).toBeGreaterThan(0);
  });
});

requireTools(['python3'])('the benchmark', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'amun-benchmark-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  function run(environment: Readonly<Record<string, string>> = {}): ReturnType<typeof spawnSync> {
    const own = {
      PATH: process.env['PATH'] ?? '',
      PYTHONPATH: folder,
      PYTHONDONTWRITEBYTECODE: '1',
    };
    const env = { ...own, BENCHMARK_SIZE: '4', BENCHMARK_REPEATS: '3', ...environment };
    return spawnSync('python3', [resolve(EXAMPLE, 'app.py')], { env, encoding: 'utf8' });
  }

  const library = `__version__ = '9.9'
float32 = 'float32'
class random:
    @staticmethod
    def default_rng(seed): return random
    @staticmethod
    def random(shape, dtype): return shape
def matmul(left, right): assert left == right == (4, 4)
`;

  it('prints what it measured as one line of JSON', () => {
    writeFileSync(join(folder, 'numpy.py'), library);
    const { status, stdout, stderr } = run({ BENCHMARK_LIBRARY: 'numpy' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const result = JSON.parse(String(stdout)) as { seconds: Record<string, number> };
    expect(result).toMatchObject({ library: 'numpy', version: '9.9', size: 4, repeats: 3 });
    expect(Object.keys(result.seconds)).toEqual(['min', 'median', 'max']);
    expect(String(stdout).trim().split('\n')).toHaveLength(1);
  });

  it('says what it needs where TensorFlow is missing', () => {
    writeFileSync(join(folder, 'tensorflow.py'), 'raise ImportError("no such thing here")');
    const { status, stdout, stderr } = run();
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(/tensorflow cannot be imported \(no such thing here\)/);
    expect(stderr).toMatch(/micropipenv install --deploy/);
  });

  it.each([
    ['BENCHMARK_SIZE', '-1'],
    ['BENCHMARK_REPEATS', 'many'],
    ['BENCHMARK_LIBRARY', 'os'],
  ])('refuses %s=%s', (name, value) => {
    const { status, stderr } = run({ [name]: value });
    expect(status).toBe(2);
    expect(stderr).toContain(`benchmark: ${name} is `);
  });
});

function sorted(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
