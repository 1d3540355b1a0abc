import fc from 'fast-check';
import { Admission } from '../../../shared/store/admission.js';

/** How many of the first are admitted. */
function countAdmitted(weights: readonly number[], bound: number): number {
  const admission = new Admission(bound);
  const refused = weights.findIndex((weight) => !admission.admits(weight));
  return refused < 0 ? weights.length : refused;
}

describe('Admission', () => {
  it.each([
    [[], 1, 0],
    [[1, 1, 1], 2, 2],
    [[1, 1], 2, 2],
    [[2, 2, 1], 4, 2],
    [[3, 2, 1], 4, 1],
    [[7, 1], 4, 1],
    [[4, 1], 4, 1],
    [[1, 4, 1], 4, 1],
  ])('of %j admits into %i the first %i', (weights, bound, count) => {
    expect(countAdmitted(weights, bound)).toBe(count);
  });

  it('admits nobody behind one that did not fit', () => {
    const admission = new Admission(4);
    expect([3, 2, 1].map((weight) => admission.admits(weight))).toEqual([true, false, false]);
    expect(admission.room).toBe(0);
  });

  it('says how many there is room for at most', () => {
    const admission = new Admission(4);
    expect(admission.room).toBe(4);
    admission.admits(3);
    expect(admission.room).toBe(1);
    admission.admits(1);
    expect(admission.room).toBe(0);
  });

  const weights = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 20 });
  const bounds = fc.integer({ min: 1, max: 12 });

  it('admits all that fit, and no more, but always the first', () => {
    fc.assert(
      fc.property(weights, bounds, (queue, bound) => {
        const sum = (count: number) => queue.slice(0, count).reduce((all, each) => all + each, 0);
        const count = countAdmitted(queue, bound);
        if (count > 1) expect(sum(count)).toBeLessThanOrEqual(bound);
        if (queue.length > 0) expect(count).toBeGreaterThan(0);
        if (count < queue.length) expect(sum(count + 1)).toBeGreaterThan(bound);
      }),
    );
  });

  it('turns nobody out again, whoever leaves and whoever comes behind', () => {
    fc.assert(
      fc.property(weights, bounds, fc.nat(), weights, (queue, bound, who, behind) => {
        const before = countAdmitted(queue, bound);
        const leaver = queue.length === 0 ? 0 : who % queue.length;
        const left = [...queue.filter((_, index) => index !== leaver), ...behind];
        const stillInside = leaver < before ? before - 1 : before;
        expect(countAdmitted(left, bound)).toBeGreaterThanOrEqual(stillInside);
      }),
    );
  });
});
