import { formatFigure } from '../../../cli/output/format-figure.js';

describe('formatFigure', () => {
  it.each<[number | null | undefined, string]>([
    [0, '0'],
    [-3, '-3'],
    [31240, '31240'],
    [1.23456, '1.235'],
    [0.000123456, '0.0001235'],
    [123456.7, '123500'],
    [1e21, '1e+21'],
    [Infinity, '-'],
    [NaN, '-'],
    [null, '-'],
    [undefined, '-'],
  ])('writes %p as %s', (value, text) => {
    expect(formatFigure(value)).toBe(text);
  });
});
