import { findingsOf, VARIED } from './matrix-findings.js';

describe('parseMatrix', () => {
  const variations = [{ set: {} }];
  const wide = Array.from({ length: 11 }, (_, n) => ({ name: `v${n}`, set: {} }));
  const wider = Array.from({ length: 100 }, (_, n) => ({ name: `v${n}`, set: {} }));
  it.each<[string, unknown, string]>([
    ['no object', [], ''],
    ['no specification', { variations }, '/specification'],
    ['a specification that is a list', { specification: [], variations }, '/specification'],
    ['nothing varied', { specification: VARIED }, '/variations'],
    ['both', { specification: VARIED, variations, axes: {} }, '/axes'],
    ['no variation', { specification: VARIED, variations: [] }, '/variations'],
    [
      '101 variations',
      { specification: VARIED, variations: [...wider, ...variations] },
      '/variations',
    ],
    ['121 combinations', { specification: VARIED, axes: { a: wide, b: wide } }, '/axes'],
    [
      'more combinations than there is memory for',
      {
        specification: VARIED,
        axes: { a: wider, b: wider, c: wider, d: wider, e: wider, f: wider },
      },
      '/axes',
    ],
    ['an axis without values', { specification: VARIED, axes: { a: [] } }, '/axes/a'],
    ['axes without an axis', { specification: VARIED, axes: {} }, '/axes'],
    ['a variation without set', { specification: VARIED, variations: [{}] }, '/variations/0/set'],
    ['a variation that is text', { specification: VARIED, variations: ['x'] }, '/variations/0'],
    [
      'two of a name',
      {
        specification: VARIED,
        variations: [
          { name: 'a', set: {} },
          { name: 'a', set: {} },
        ],
      },
      '/variations/1/name',
    ],
    [
      'combinations of a name',
      {
        specification: VARIED,
        axes: {
          a: [
            { name: 'x', set: {} },
            { name: 'x, y', set: {} },
          ],
          b: [
            { name: 'y, z', set: {} },
            { name: 'z', set: {} },
          ],
        },
      },
      '/axes',
    ],
    [
      'a name of two lines',
      { specification: VARIED, variations: [{ name: 'a\nb', set: {} }] },
      '/variations/0/name',
    ],
    [
      'a name that is none',
      { specification: VARIED, variations: [{ name: ' ', set: {} }] },
      '/variations/0/name',
    ],
    [
      'a name of 64',
      { specification: VARIED, variations: [{ name: 'x'.repeat(64), set: {} }] },
      '/variations/0/name',
    ],
    ['an unknown field', { specification: VARIED, variations, variation: 1 }, '/variation'],
    [
      'an unknown field inside',
      { specification: VARIED, variations: [{ set: {}, sett: 1 }] },
      '/variations/0/sett',
    ],
    ['labels that are text', { specification: VARIED, variations, labels: 'x' }, '/labels'],
  ])('refuses %s', (_what, input, pointer) => {
    expect(Object.keys(findingsOf(input))).toEqual([pointer]);
  });
});
