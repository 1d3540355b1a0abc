import { readFileSync } from 'node:fs';
import { jest } from '@jest/globals';
import type { OperatorSettings } from '../../../shared/dockerfile/operator-files.js';
import type { JsonObject } from '../../../shared/inspection/specification.js';
import { ensureDebianBase } from '../../base-image.js';
import { requireTools } from '../../require-tools.js';
import { BUILD_TOOLS, type Built, ImageBuilder } from './build-image.js';
import { PackageIndex } from './package-index.js';

jest.setTimeout(1_200_000);

const certificates = process.env['SSL_CERT_FILE'] ?? process.env['NODE_EXTRA_CA_CERTS'];

/** This machine's own certificates and proxies: those of the operator, here. */
function readOperator(): OperatorSettings {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'PIP_INDEX_URL'];
  const given = names.map((name) => [name, process.env[name] ?? '']);
  return {
    ...(certificates === undefined ? {} : { caBundle: readFileSync(certificates, 'utf8') }),
    environment: Object.fromEntries(given) as Record<string, string>,
  };
}

const INICONFIG = {
  version: '==2.0.0',
  hashes: [
    'sha256:2d91e135bf72d31a410b17c16da610a82cb55f6b0477d1a902134b24a455b8b3',
    'sha256:b6a85871a79d2e3b22d2d1b94ac2824226a63c6b741c88f7ae975f18b6778374',
  ],
};

requireTools(BUILD_TOOLS)('on Debian', () => {
  const builder = new ImageBuilder();
  const index = new PackageIndex();
  const operator = readOperator();
  let debian = '';
  /** Has jq and Python; after the first stack also what makes virtual environments. */
  let python = '';
  let secondIndex = '';
  /** The index that pip takes by itself; empty where it cannot be reached. */
  let ownIndex = '';

  beforeAll(async () => {
    debian = await ensureDebianBase();
    secondIndex = await index.start();
    const spec = { base: debian, packages: ['jq', 'python3-pip'] };
    const { image } = await builder.buildWell(spec, { operator });
    ownIndex = await reachOwnIndex(image);
    python = image;
  });

  afterAll(async () => {
    await index.stop();
    await builder.removeAll();
  });

  /** Asks from inside the image, without anything of a build: true reachability, or its absence. */
  async function reachOwnIndex(image: string): Promise<string> {
    const script = `
      python3 - <<'END'
import urllib.request
from pip._internal.models.index import PyPI
for tries in (2, 1, 0):
    try:
        urllib.request.urlopen(PyPI.simple_url + "/six/", timeout=60).read(1)
        break
    except OSError:
        if tries == 0: raise
print(PyPI.simple_url)
END`;
    const proxies = Object.entries(operator.environment).map(
      ([name, value]) => `--env=${name}=${value}`,
    );
    const options = ['--network=host', ...proxies];
    if (certificates !== undefined) {
      options.push(`--volume=${certificates}:/ca.pem:ro`, '--env=SSL_CERT_FILE=/ca.pem');
    }
    try {
      return (await builder.run(image, script, options)).trim();
    } catch (error) {
      if (process.env['CI'] === 'true') throw error;
      process.stderr.write('no package index for Python can be reached: its tests are skipped\n');
      return '';
    }
  }

  function stack(packages: JsonObject, sources: JsonObject[]): JsonObject {
    return {
      requirements: { source: sources, packages: {} },
      requirements_locked: { _meta: { sources }, default: packages },
    };
  }

  test('native packages are there, and no package lists', async () => {
    const seen = await builder.run(
      python,
      `echo '{"a": 1}' | jq .a; ls /var/lib/apt/lists /amun /tmp | grep -v : ; id -u`,
    );
    expect(seen.split('\n').filter((line) => line !== '')).toEqual(['1', '1042']);
  });

  test('a package that does not exist is named in the log', async () => {
    const { exitCode, log } = await builder.build({ base: debian, packages: ['no-such-package'] });
    expect(exitCode).not.toBe(0);
    expect(log).toContain('E: Unable to locate package no-such-package');
    expect(log).toContain('amun: apt-get could not install the packages');
  });

  test('Python packages go into the system’s Python, though its distribution forbids it', async () => {
    if (ownIndex === '') return;
    const spec = { base: python, python_packages: ['six<1.17', 'tomli>=2'], upgrade_pip: true };
    const { image } = await builder.buildWell(spec, { operator });
    const seen = await builder.run(
      image,
      `ls /usr/lib/python3*/EXTERNALLY-MANAGED | wc -l
       python3 -c 'import six, tomli, sys; print(six.__version__, sys.prefix)'
       python3 -c 'import pip; print(int(pip.__version__.split(".")[0]) > 23)'`,
    );
    expect(seen.split('\n')).toEqual(['1', '1.16.0 /usr', 'True']);
  });

  /** Installs a lock of two indexes, one of them without TLS, and looks at what came of it. */
  async function installTwoIndexes(
    package_manager: string,
    settings: OperatorSettings,
  ): Promise<Built> {
    const sources = [
      { name: 'own', url: ownIndex, verify_ssl: true },
      { name: 'second', url: secondIndex },
    ];
    const packages = {
      iniconfig: { ...INICONFIG, index: 'own' },
      [index.name]: { ...index.lockEntry, index: 'second' },
    };
    const spec = { base: python, package_manager, python: stack(packages, sources) };
    const built = await builder.buildWell(spec, { operator: settings });
    const seen = await builder.run(
      built.image,
      `python3 -c 'import amun_sample, iniconfig, sys; print(sys.prefix, amun_sample.GREETING)'
       python3 -m pip list --format=freeze | grep -cE '^(micropipenv|pipenv|virtualenv)='
       id -u; touch venv/writable && ls /tmp; stat -c '%u:%g %a %n' *; env`,
      ['--user=1000650000:0'],
    );
    expect(seen.split('\n').slice(0, 7)).toEqual([
      '/home/amun/venv from the second index',
      '0',
      '1000650000',
      '1042:0 664 Pipfile',
      '1042:0 664 Pipfile.lock',
      '1042:0 775 hwinfo',
      '1042:0 775 venv',
    ]);
    expect(seen).not.toMatch(/^PIP_|127\.0\.0\.1/m);
    return built;
  }

  test('micropipenv installs a lock; the operator’s index is in the place of pip’s own', async () => {
    if (ownIndex === '') return;
    index.mirror(ownIndex);
    const mirror = { PIP_INDEX_URL: secondIndex, PIP_TRUSTED_HOST: '127.0.0.1' };
    const environment = { ...operator.environment, ...mirror };
    const { image, log } = await installTwoIndexes('micropipenv', { ...operator, environment });
    expect(log).toContain('amun: adding python3-venv with apt-get');
    expect(index.requested).toContain('/simple/iniconfig/');
    expect(await builder.run(image, 'cat Pipfile.lock')).toContain(`"${ownIndex}"`);
    python = image;
  });

  test('pipenv installs a lock, on a base that has a virtual environment already', async () => {
    if (ownIndex === '') return;
    const { log } = await installTwoIndexes('pipenv', operator);
    expect(log).toContain('amun: installing Pipfile.lock with pipenv');
  });
});
