import { parseImageReference } from '../../../shared/inspection/image-reference.js';

const SHA256 = `sha256:${'ab'.repeat(32)}`;

describe('parseImageReference', () => {
  test.each([
    ['fedora', { path: 'fedora' }],
    ['fedora:28', { path: 'fedora', tag: '28' }],
    ['library/fedora:28', { path: 'library/fedora', tag: '28' }],
    ['quay.io/a/b__c/d-e.f:v1.2_x', { domain: 'quay.io', path: 'a/b__c/d-e.f', tag: 'v1.2_x' }],
    ['localhost/base:latest', { domain: 'localhost', path: 'base', tag: 'latest' }],
    ['localhost:5000/base', { domain: 'localhost:5000', path: 'base' }],
    ['localhost:5000', { path: 'localhost', tag: '5000' }],
    ['10.0.0.1:5000/x', { domain: '10.0.0.1:5000', path: 'x' }],
    ['[::1]:5000/x:y', { domain: '[::1]:5000', path: 'x', tag: 'y' }],
    ['Registry/x', { domain: 'Registry', path: 'x' }],
    [`x@${SHA256}`, { path: 'x', digest: SHA256 }],
    [`r.io/x:1@${SHA256}`, { domain: 'r.io', path: 'x', tag: '1', digest: SHA256 }],
  ])('takes %s apart', (text, expected) => {
    expect(parseImageReference(text)).toEqual(expected);
  });

  test.each([
    '',
    ' ',
    ':',
    '@',
    '/',
    'a/',
    '/a',
    'a//b',
    'A',
    'a/B',
    'a:',
    'a@',
    'a:b:c/d',
    'a b',
    'a\n',
    'a:b\n',
    '-a',
    'a-',
    'a._b',
    'a___b',
    'a:-b',
    'a:ä',
    `a:${'x'.repeat(129)}`,
    'a@sha256:abc',
    `a@${SHA256.toUpperCase()}`,
    `a@${SHA256}@${SHA256}`,
    `a@md5:${'a'.repeat(32)}`,
    'a.b:port/x',
    '-x.y/z',
    'x.y-/z',
    '[::1/x',
    'ab'.repeat(32),
    'a/'.repeat(130) + 'a',
    '$(id)',
    '${X}',
    'a;b',
    'https://a/b',
  ])('refuses %j', (text) => {
    expect(parseImageReference(text)).toBeUndefined();
  });
});
