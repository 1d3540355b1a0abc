import { checkBaseImage } from '../../../../shared/inspection/rules/check-base-image.js';
import { checkEnvironment } from '../../../../shared/inspection/rules/check-environment.js';
import { checkFiles, normalisePath } from '../../../../shared/inspection/rules/check-files.js';
import { checkIdentifier } from '../../../../shared/inspection/rules/check-identifier.js';
import { checkLabels } from '../../../../shared/inspection/rules/check-labels.js';
import { checkNativePackages } from '../../../../shared/inspection/rules/check-native-packages.js';
import { checkRequests } from '../../../../shared/inspection/rules/check-requests.js';
import { checkScript } from '../../../../shared/inspection/rules/check-script.js';
import { explainHttpUrl } from '../../../../shared/inspection/rules/http-url.js';
import { scriptUrl } from '../../../../shared/inspection/script-url.js';

// What each family of rules refuses is in bad-specifications.ts; here is what it must let through.

test.each([
  'fedora',
  'registry.access.redhat.com/ubi8/python-36:1-120',
  'localhost/amun-base:latest',
])('checkBaseImage takes %s', (base) => {
  expect(checkBaseImage(base)).toEqual([]);
});

test.each(['a', '0', 'tf-conv-avx2-mkl', 'a--b', 'a'.repeat(30)])(
  'checkIdentifier takes %s',
  (identifier) => {
    expect(checkIdentifier(identifier)).toEqual([]);
  },
);

test.each([
  ['a', ''],
  ['A1', '0'],
  ['a_b.c-d', 'x_y.z-0'],
  ['k'.repeat(63), 'v'.repeat(63)],
  ['example.org/a', 'x'],
  ['notamun.io/a', 'x'],
  ['amun.io', 'x'],
  [`${'a.'.repeat(126)}a/${'k'.repeat(63)}`, 'x'],
])('checkLabels takes %s=%s', (key, value) => {
  expect(checkLabels({ [key]: value })).toEqual([]);
});

test.each([
  'jq',
  'g++',
  'libstdc++6',
  'python3.11-venv',
  'gtk2_x',
  'NetworkManager',
  '7zip',
  'libc6:amd64',
  'libc6:amd64=2.36-9+deb12u4',
  'jq=1.6-2.1',
  'vim=2:9.0.1378-2',
  'bash-5.2.15-5.fc38.x86_64',
  'bind-utils-32:9.18.1-1.fc38',
  'kernel-6.1.0~rc1',
  'bash~5.2',
])('checkNativePackages takes %s', (name) => {
  expect(checkNativePackages([name])).toEqual([]);
});

test('checkFiles takes any other path', () => {
  const paths = [
    'a',
    './b',
    '/etc//c',
    '/home/amun/data.txt',
    '/procedure',
    '/tmp/with space',
    '/tmp/\'"$%\\',
    '/tmp/-x',
    '/tmp/...',
    '/tmp/ä',
    '/amun2/x',
  ];
  expect(checkFiles(paths.map((path) => ({ path, content: '\0' })))).toEqual([]);
  expect(paths.slice(0, 3).map(normalisePath)).toEqual(['/a', '/b', '/etc/c']);
});

test('checkEnvironment takes any text of one line', () => {
  expect(
    checkEnvironment([
      { name: 'PATH', value: '/bin:$PATH' },
      { name: '_a1', value: '\t"\'`\\ ä $(id)' },
      { name: 'EMPTY', value: '' },
    ]),
  ).toEqual([]);
});

test.each([
  '#!/bin/sh\necho',
  'echo no shebang',
  'print("text")\r\n',
  'curl https://example.org/x',
  'https://example.org/x\nhttps://example.org/y',
  '# https://example.org',
  'http://example.org',
  '  https://example.org/a%20b?x=1&y=(2)#z \n',
  'https://[::1]:8443/x.py',
  'https://user.example.org/@x',
])('checkScript takes %j', (script) => {
  expect(checkScript(script)).toEqual([]);
});

test.each([
  ['https://example.org/x.py\n', 'https://example.org/x.py'],
  ['HTTP://EXAMPLE.org', 'HTTP://EXAMPLE.org'],
  ['https://example.org/x\necho', undefined],
  ['echo https://example.org/x', undefined],
  ['file:///x', undefined],
])('scriptUrl of %j is %j', (script, url) => {
  expect(scriptUrl(script)).toBe(url);
});

test.each([
  'https://h/\n',
  'https://h /',
  'https://h\\x',
  'https://h/"',
  'https://h/{a,b}',
  'https://h/ä',
  'https://:80/',
  'https://h:99999/',
  'https://a@b/',
  'ftp://h',
  '//h',
  'https:h',
])('explainHttpUrl refuses %j', (url) => {
  expect(explainHttpUrl(url)).toMatch(/^its URL/);
});

test.each([
  ['1m', '8Mi'],
  ['4096', '64Ti'],
  [0.25, 8388608],
  ['1e-3', '1e12'],
])('checkRequests takes %j and %j', (cpu, memory) => {
  expect(
    checkRequests('run', {
      requests: { cpu, memory, hardware: { processor: 'Intel(R) Xeon(R) @ 2.20GHz' } },
    }),
  ).toEqual([]);
});
