import { parse } from 'smol-toml';
import { pythonStackSteps } from '../../../shared/dockerfile/python-stack.js';
import { parseSpecification } from '../../../shared/inspection/parse-specification.js';
import type { JsonObject } from '../../../shared/inspection/specification.js';

const SOURCE = { name: 'main', url: 'https://index.example.org/simple', verify_ssl: true };

interface Written {
  readonly pipfile: unknown;
  readonly lock: JsonObject;
  readonly options: readonly string[];
  readonly trustedHosts: string | undefined;
}

function write(requirements: JsonObject, locked: JsonObject, more: object = {}): Written {
  const spec = parseSpecification({ base: 'debian:12', ...more });
  const python = { requirements, requirements_locked: locked };
  const [step] = pythonStackSteps({ ...spec, python });
  const contentOf = (path: string): string | undefined =>
    step?.data.find((file) => file.path === path)?.content;
  return {
    pipfile: parse(contentOf('Pipfile') ?? ''),
    lock: JSON.parse(contentOf('Pipfile.lock') ?? '') as JsonObject,
    options: step?.options ?? [],
    trustedHosts: contentOf('trusted-hosts'),
  };
}

test('no stack, no step', () => {
  expect(pythonStackSteps(parseSpecification({ base: 'debian:12' }))).toEqual([]);
});

test('a Pipfile is TOML that reads as the JSON it came from', () => {
  const pipfile: JsonObject = {
    source: [SOURCE],
    packages: {
      flask: { version: '==1.0', extras: ['async', 'dotenv'], index: 'main' },
      'zope.interface': '*',
      'a "quoted" = name': { editable: true, path: 'C:\\x\ny' },
    },
    'dev-packages': {},
    requires: { python_version: '3.11' },
    pipenv: { allow_prereleases: false, depth: 3, share: 0.5 },
  };
  expect(write(pipfile, { default: {} }).pipfile).toEqual(pipfile);
});

test('the lock keeps what it has; sources get the fields that installers insist on', () => {
  const { lock } = write(
    { packages: {} },
    {
      _meta: { hash: { sha256: 'x' }, sources: [{ url: SOURCE.url }, { ...SOURCE, extra: 1 }] },
      default: { a: { version: '==1', hashes: ['sha256:1'] } },
      develop: { b: {} },
    },
  );
  expect(lock).toEqual({
    _meta: {
      hash: { sha256: 'x' },
      'pipfile-spec': 6,
      requires: {},
      sources: [
        { url: SOURCE.url, name: 'index-0', verify_ssl: true },
        { ...SOURCE, extra: 1 },
      ],
    },
    default: { a: { version: '==1', hashes: ['sha256:1'] } },
    develop: { b: {} },
  });
});

test('a lock without sources has those of the Pipfile, and the other way round', () => {
  const forwards = write({ source: [SOURCE], packages: {} }, { default: {} });
  expect(forwards.lock).toMatchObject({ _meta: { sources: [SOURCE] }, develop: {} });
  const back = write({ packages: {} }, { _meta: { sources: [SOURCE] } });
  expect(back.pipfile).toEqual({ source: [SOURCE], packages: {} });
});

test('hosts without TLS or without verification are trusted, once each, with their port', () => {
  const sources = [
    { ...SOURCE },
    { name: 'a', url: 'http://plain.example.org/simple', verify_ssl: true },
    { name: 'b', url: 'https://user:secret@lab.example.org:8443/x/', verify_ssl: false },
    { name: 'c', url: 'https://lab.example.org:8443/y/', verify_ssl: false },
    { name: 'd', url: 'HTTP://[::1]:8080/simple' },
    { name: 'e', url: 'no url', verify_ssl: false },
  ];
  expect(write({ source: sources, packages: {} }, { default: {} }).trustedHosts).toBe(
    '[::1]:8080\nlab.example.org:8443\nplain.example.org\n',
  );
  expect(write({ source: [SOURCE], packages: {} }, { default: {} }).trustedHosts).toBeUndefined();
});

test('installer, Python and pip are options from a closed set', () => {
  const of = (version: string, more: object) =>
    write({ requires: { python_version: version }, packages: {} }, { default: {} }, more).options;
  expect(of('3.6', {})).toEqual(['--with=micropipenv', '--python=3.6']);
  expect(of('3.11', { package_manager: 'pipenv', upgrade_pip: true })).toEqual([
    '--with=pipenv',
    '--python=3.11',
    '--upgrade-pip',
  ]);
  expect(of('3; rm -rf /', {})).toEqual(['--with=micropipenv']);
  expect(of('2.7', {})).toEqual(['--with=micropipenv']);
});
