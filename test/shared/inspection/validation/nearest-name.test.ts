import fc from 'fast-check';
import {
  editDistance,
  nearestName,
} from '../../../../shared/inspection/validation/nearest-name.js';

describe('editDistance', () => {
  test.each([
    ['', '', 0],
    ['a', '', 1],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['script', 'scrpit', 1],
    ['base', 'bases', 1],
    ['flaw', 'lawn', 2],
  ])('from %j to %j is %i', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
    expect(editDistance(to, from)).toBe(distance);
  });

  test('is nothing between equals, and never more than the longer text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(text, text, (from, to) => {
        const distance = editDistance(from, to);
        expect(distance === 0).toBe(from === to);
        expect(distance).toBeLessThanOrEqual(Math.max(from.length, to.length));
      }),
    );
  });
});

describe('nearestName', () => {
  const NAMES = ['base', 'batch_size', 'build', 'python', 'python_packages', 'packages'];

  test.each([
    ['bse', 'base'],
    ['BatchSize', 'batch_size'],
    ['batch-size', 'batch_size'],
    ['pythonPackages', 'python_packages'],
    ['package', 'packages'],
    ['phyton', 'python'],
  ])('of %s is %s', (text, nearest) => {
    expect(nearestName(text, NAMES)).toBe(nearest);
  });

  test('is nothing where there are no names', () => {
    expect(nearestName('x', [])).toBeUndefined();
  });

  test('is found for a very long text, too', () => {
    expect(NAMES).toContain(nearestName('x'.repeat(500_000), NAMES));
  });
});
