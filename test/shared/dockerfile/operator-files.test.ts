import { createBuildContext } from '../../../shared/dockerfile/create-build-context.js';
import {
  OPERATOR_CA_FILE,
  OPERATOR_ENVIRONMENT_FILE,
  withOperatorFiles,
} from '../../../shared/dockerfile/operator-files.js';
import { parseSpecification } from '../../../shared/inspection/parse-specification.js';

const CONTEXT = createBuildContext(parseSpecification({ base: 'debian:12', packages: ['jq'] }));

function contentOf(path: string, settings: Parameters<typeof withOperatorFiles>[1]): string {
  const context = withOperatorFiles(CONTEXT, settings);
  return context.files.find((file) => file.path === path)?.content ?? 'absent';
}

test('a context has both files, empty', () => {
  const files = CONTEXT.files.filter((file) => file.path.startsWith('operator'));
  expect(files.map(({ path, content }) => [path, content])).toEqual([
    [OPERATOR_CA_FILE, ''],
    [OPERATOR_ENVIRONMENT_FILE, ''],
  ]);
});

test('nothing else of the context changes, and the context itself not at all', () => {
  const before = structuredClone(CONTEXT);
  const after = withOperatorFiles(CONTEXT, {
    caBundle: 'PEM',
    environment: { PIP_INDEX_URL: 'u' },
  });
  const others = (files: typeof after.files) =>
    files.filter((file) => !file.path.startsWith('operator'));
  expect(CONTEXT).toEqual(before);
  expect(others(after.files)).toEqual(others(before.files));
  expect(after.files.map((file) => file.path)).toEqual(before.files.map((file) => file.path));
});

test('certificates are handed on as they are', () => {
  const caBundle = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
  expect(contentOf(OPERATOR_CA_FILE, { caBundle, environment: {} })).toBe(caBundle);
  expect(contentOf(OPERATOR_CA_FILE, { environment: {} })).toBe('');
});

test('variables are lines in a fixed order, values as they are', () => {
  const environment = { PIP_INDEX_URL: 'https://u:p%24@index/simple?a=$b&c="d"', A: "it's" };
  expect(contentOf(OPERATOR_ENVIRONMENT_FILE, { environment })).toBe(
    'A=it\'s\nPIP_INDEX_URL=https://u:p%24@index/simple?a=$b&c="d"\n',
  );
});

test('a proxy is known in both cases; where both are given, each stays', () => {
  const environment = {
    HTTPS_PROXY: 'http://p:3128',
    no_proxy: 'a',
    NO_PROXY: 'b',
    http_proxy: '',
  };
  expect(contentOf(OPERATOR_ENVIRONMENT_FILE, { environment })).toBe(
    'HTTPS_PROXY=http://p:3128\nNO_PROXY=b\nhttps_proxy=http://p:3128\nno_proxy=a\n',
  );
});

test.each([{ 'A B': 'x' }, { '1A': 'x' }, { A: 'x\ny' }, { A: 'x\0' }])('%j is refused', (bad) => {
  expect(() => withOperatorFiles(CONTEXT, { environment: { ...bad } })).toThrow(
    /cannot be given to builds/,
  );
});
