import fc from 'fast-check';
import { MAX_YAML_LENGTH } from '../../../shared/inspection/limits.js';
import { parseYaml } from '../../../shared/inspection/parse-yaml.js';
import { catchError } from './find-findings.js';

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

describe('parseYaml', () => {
  test('reads the core schema of YAML 1.2', () => {
    expect(
      parseYaml('a: yes\nb: 010\nc: 0x1f\nd: ~\ne: 2020-01-01\nf: |\n  #!/bin/sh\n  echo\n'),
    ).toEqual({
      a: 'yes',
      b: 10,
      c: 31,
      d: null,
      e: '2020-01-01',
      f: '#!/bin/sh\necho\n',
    });
  });

  test('reads aliases, as values of their own', () => {
    expect(parseYaml('a: &x {b: [1]}\nc: *x')).toEqual({ a: { b: [1] }, c: { b: [1] } });
  });

  test('reads nothing as null', () => {
    expect(parseYaml('')).toBeNull();
    expect(parseYaml('# comment\n')).toBeNull();
  });

  test('reads JSON, also with tabs', () => {
    expect(parseYaml('{\n\t"a": 1,\n\t"b": [\n\t\t"\\u00e4\\n"\n\t]\n}\n')).toEqual({
      a: 1,
      b: ['ä\n'],
    });
    fc.assert(
      fc.property(
        fc
          .jsonValue({ maxDepth: 4 })
          .filter((value) => !JSON.stringify(value).includes('__proto__')),
        fc.constantFrom(undefined, 2),
        (value, space) => {
          expect(parseYaml(JSON.stringify(value, null, space))).toEqual(
            JSON.parse(JSON.stringify(value)),
          );
        },
      ),
    );
  });

  test.each([
    ['a field twice', 'a: 1\nb:\n  c: 1\n  c: 2', 'line 4, column 3: the field "c" is there twice'],
    ['a field twice, as number and text', '1: a\n"1": b', 'is there twice'],
    ['bad indentation', 'a:\n  - 1\n - 2', 'line 3'],
    ['an open list', 'a: [1\nb: 2', 'line 2'],
    ['a tag', 'a: !!binary aGk=', 'no JSON value'],
    ['an unknown tag', 'a: !exec x', 'line 1, column 4: Unresolved tag'],
    ['two documents', 'a: 1\n---\nb: 2', 'one at a time'],
    ['a list as field', '? [1]\n: 2', 'must be plain text'],
    ['null as field', '~: 2', 'must be plain text'],
    ['an unknown alias', 'a: *b', 'aliases'],
    ['an alias to itself', '&a [*a]', 'deep'],
    ['infinity', 'a: .inf', 'out of range'],
    ['half a character', 'a: "\\ud800"', 'lone surrogate'],
    ['__proto__', '__proto__: {a: 1}', '__proto__'],
    ['nested lists', '['.repeat(100_000), 'deep'],
    ['nested dashes', '- '.repeat(50_000), 'deep'],
    ['nested fields', lines(200, (index) => `${' '.repeat(index)}a:`), 'deep'],
    [
      'many aliases',
      lines(2000, (index) => `- &a${index} 1\n- *a${index}`),
      'more than 100 aliases',
    ],
    [
      'a laugh',
      [
        'a: &a [x, x, x, x, x, x, x, x, x]',
        ...Array.from('bcdefgh').map(
          (name, index) =>
            `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[index]!}`).join(', ')}]`,
        ),
      ].join('\n'),
      'aliases',
    ],
  ])('refuses %s', (_, text, fragment) => {
    const { message } = catchError(() => parseYaml(text), 'InvalidRequest');
    expect(message).toContain(fragment);
    expect(message).toMatch(/^The document is not accepted as YAML: .*\.$/);
  });

  test('takes ten thousand fields, since each is looked up once', () => {
    expect(Object.keys(parseYaml(lines(10_000, (index) => `k${index}: 1`)) as object)).toHaveLength(
      10_000,
    );
  });

  test('refuses what is too long before reading it', () => {
    catchError(() => parseYaml('x'.repeat(MAX_YAML_LENGTH + 1)), 'TooLarge');
  });

  test('throws nothing but AmunErrors', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('ab:-[]{}&*!|>?#"\' \n\t%@`,')) }),
        (text) => {
          try {
            parseYaml(text);
          } catch (error) {
            expect(error).toMatchObject({ name: 'AmunError', code: 'InvalidRequest' });
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
