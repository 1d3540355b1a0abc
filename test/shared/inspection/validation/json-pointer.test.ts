import fc from 'fast-check';
import {
  describePlace,
  jsonPointer,
  pointerSegments,
  quoteText,
} from '../../../../shared/inspection/validation/json-pointer.js';

describe('jsonPointer', () => {
  test('escapes as RFC 6901 says', () => {
    expect(jsonPointer()).toBe('');
    expect(jsonPointer('a/b', 0, 'm~n', '')).toBe('/a~1b/0/m~0n/');
  });

  test('is taken apart again', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (segments) => {
        expect(pointerSegments(jsonPointer(...segments))).toEqual(segments);
      }),
    );
  });
});

describe('describePlace', () => {
  test.each([
    ['', 'The specification'],
    ['/base', 'base'],
    ['/files/0/path', 'files[0].path'],
    ['/python/requirements/dev-packages/a b', 'python.requirements.dev-packages."a b"'],
  ])('says %j as people do', (pointer, place) => {
    expect(describePlace(pointer)).toBe(place);
  });
});

describe('quoteText', () => {
  test('escapes what a terminal would obey, and cuts what is long', () => {
    expect(quoteText('a\u001b[31m"\n')).toBe('"a\\u001b[31m\\"\\n"');
    expect(quoteText('x'.repeat(61))).toBe(`"${'x'.repeat(60)}…"`);
  });
});
