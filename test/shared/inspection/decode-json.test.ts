import { decodeJson } from '../../../shared/inspection/decode-json.js';
import { catchError } from './find-findings.js';

const decode = (text: string): unknown => decodeJson(Buffer.from(text));

describe('decodeJson', () => {
  test('reads UTF-8, with or without a byte order mark', () => {
    expect(decode('{"a": ["ä", 1.5e3, true, null, "\\ud83d\\ude00"]}')).toEqual({
      a: ['ä', 1500, true, null, '😀'],
    });
    expect(decode('\ufeff1')).toBe(1);
  });

  test.each([
    ['a lone continuation byte', [0x22, 0x80, 0x22]],
    ['Latin-1', [0x22, 0xe4, 0x22]],
    ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22]],
    ['a surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['UTF-16', [0xff, 0xfe, 0x31, 0x00]],
    ['half a character', [0x22, 0xe2, 0x82]],
  ])('refuses %s', (_, bytes) => {
    const error = catchError(() => decodeJson(Uint8Array.from(bytes)), 'InvalidRequest');
    expect(error.message).toContain('save it as UTF-8');
  });

  test.each([
    ['', 'line 1, column 1 has the end where a value should be.'],
    ['{"a": 1,\n  "b": }', 'line 2, column 8 has "}" where a value should be.'],
    ['[1, 2', 'line 1, column 6 has the end where a comma or ] should be.'],
  ])('says where %j stops being JSON', (text, fragment) => {
    expect(catchError(() => decode(text), 'InvalidRequest').message).toBe(
      `The document is not JSON: ${fragment}`,
    );
  });

  test('refuses fields named __proto__ and pollutes nothing', () => {
    const error = catchError(
      () => decode('{"a": [{"__proto__": {"polluted": 1}}]}'),
      'InvalidRequest',
    );
    expect(error.details).toEqual([
      { pointer: '/a/0', message: expect.stringContaining('__proto__') as string },
    ]);
    expect({}).not.toHaveProperty('polluted');
  });

  test('refuses halves of characters', () => {
    expect(catchError(() => decode('["\\ud83d"]'), 'InvalidRequest').details?.[0]?.pointer).toBe(
      '/0',
    );
  });

  test.each(['[', '{"a":'])('refuses thousands of nested %s', (opening) => {
    const depth = 50_000;
    const text = `${opening.repeat(depth)}1${(opening === '[' ? ']' : '}').repeat(depth)}`;
    expect(catchError(() => decode(text), 'InvalidRequest').message).toContain('deep');
    expect(catchError(() => decode(opening.repeat(depth)), 'InvalidRequest').message).toContain(
      'not JSON',
    );
  });
});
