import fc from 'fast-check';
import { combineAxes } from '../../../shared/inspection/matrix-axes.js';

describe('combineAxes', () => {
  it('has every combination once, in order, with the patches of each axis', () => {
    const axis = (letter: string, size: number) =>
      Array.from({ length: size }, (_, n) => ({
        name: `${letter}${n}`,
        patches: [`${letter}${n}`],
      }));
    const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(sizes, (all) => {
        const combined = combineAxes(all.map((size, n) => axis('abcd'[n]!, size)));
        expect(combined).toHaveLength(all.reduce((product, size) => product * size, 1));
        const names = combined.map(({ name }) => name);
        expect(new Set(names).size).toBe(names.length);
        expect(names).toEqual([...names].sort());
        for (const { name, patches } of combined) expect(patches.join(', ')).toBe(name);
      }),
    );
    expect(combineAxes([])).toEqual([]);
  });
});
