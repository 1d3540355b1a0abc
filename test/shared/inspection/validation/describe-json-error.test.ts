import fc from 'fast-check';
import {
  describeJsonError,
  findJsonError,
} from '../../../../shared/inspection/validation/describe-json-error.js';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('describeJsonError', () => {
  test.each([
    ['', 1, 1, 'the end', 'a value'],
    ['nul', 1, 1, '"n"', 'a value'],
    ['1 2', 1, 3, '"2"', 'the end'],
    ['[1 2]', 1, 4, '"2"', 'a comma or ]'],
    ['[1,]', 1, 4, '"]"', 'a value'],
    ['[', 1, 2, 'the end', 'a value or ]'],
    ['[1}', 1, 3, '"}"', 'a comma or ]'],
    ['{a: 1}', 1, 2, '"a"', 'a field name in double quotes or }'],
    ["{'a': 1}", 1, 2, '"\'"', 'a field name in double quotes or }'],
    ['{"a" 1}', 1, 6, '"1"', 'a colon'],
    ['{"a":1,}', 1, 8, '"}"', 'a field name in double quotes'],
    ['{\n "a": 1\n "b": 2}', 3, 2, '"\\""', 'a comma or }'],
    ['{"a": tru}', 1, 7, '"t"', 'a value'],
    ['01', 1, 2, '"1"', 'the end'],
    ['"abc', 1, 5, 'the end', 'a closing double quote'],
    ['"a\nb"', 1, 3, '"\\n"', 'an escape such as \\n or \\u0000'],
    ['"\\x"', 1, 2, '"\\\\"', 'a valid escape such as \\\\ or \\n'],
    ['[😀]', 1, 2, '"😀"', 'a value or ]'],
  ])('of %j: line %i, column %i', (text, line, column, found, wanted) => {
    expect(isJson(text)).toBe(false);
    expect(describeJsonError(text)).toBe(
      `line ${line}, column ${column} has ${found} where ${wanted} should be.`,
    );
  });

  test('finds an error exactly where JSON.parse does', () => {
    const broken = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.nat(2),
        fc.constantFrom('', ...Array.from('{}[]",:\\ue-1.t\n ')),
      )
      .map(([text, at, length, insert]) => {
        const start = at % (text.length + 1);
        return text.slice(0, start) + insert + text.slice(start + length);
      });
    fc.assert(
      fc.property(fc.oneof(fc.json(), broken, fc.string()), (text) => {
        expect(findJsonError(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 5000 },
    );
  });

  test('puts the error into what is broken: all before it could still become JSON', () => {
    const broken = fc
      .tuple(fc.json(), fc.nat())
      .map(([text, at]) => text.slice(0, at % text.length));
    fc.assert(
      fc.property(broken, (text) => {
        const error = findJsonError(text);
        if (error !== undefined) expect(error.position).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
