import fc from 'fast-check';
import { Sample, type Statistics } from '../../../shared/inspection/statistics.js';
import { compareMeans } from '../../../shared/inspection/statistics-compare.js';
import { twoSidedTail } from '../../../shared/inspection/statistics-t-distribution.js';

function statisticsOf(numbers: readonly number[]): Statistics {
  const sample = new Sample();
  for (const number of numbers) sample.add(number);
  return sample.statistics();
}

/**
 * The same probability by its definition: with x = √ν tan θ, the density of t becomes cos^(ν-1) θ,
 * which is summed by Simpson's rule.
 */
function tailByDefinition(t: number, freedom: number): number {
  const area = (from: number): number => {
    const steps = 20_000;
    const width = (Math.PI / 2 - from) / steps;
    let sum = 0;
    for (let step = 0; step <= steps; step += 1) {
      const weight = step === 0 || step === steps ? 1 : step % 2 === 1 ? 4 : 2;
      // Rounding may leave the last one a hair beyond π/2.
      sum += weight * Math.max(0, Math.cos(from + step * width)) ** (freedom - 1);
    }
    return (sum * width) / 3;
  };
  return area(Math.atan(Math.abs(t) / Math.sqrt(freedom))) / area(0);
}

describe('twoSidedTail', () => {
  it.each([
    // Critical values of the t distribution at 5 % and 1 %, as every table has them.
    [4.303, 2, 0.05],
    [2.228, 10, 0.05],
    [3.169, 10, 0.01],
    [1.98, 120, 0.05],
    [2.617, 120, 0.01],
  ])('is that of the tables for t = %d with %d degrees of freedom', (t, freedom, p) => {
    expect(twoSidedTail(t, freedom)).toBeCloseTo(p, 3);
    expect(twoSidedTail(-t, freedom)).toBe(twoSidedTail(t, freedom));
  });

  it('is that of its definition', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 30, noNaN: true }),
        fc.double({ min: 2, max: 2000, noNaN: true }),
        (t, freedom) => {
          expect(Math.abs(twoSidedTail(t, freedom) - tailByDefinition(t, freedom))).toBeLessThan(
            1e-6,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is 1 at the middle and 0 far out', () => {
    expect(twoSidedTail(0, 5)).toBe(1);
    expect(twoSidedTail(1e200, 5)).toBe(0);
    expect(twoSidedTail(60, 1998)).toBeLessThan(1e-100);
  });
});

describe('compareMeans', () => {
  const figures = (mean: number, variance: number, count: number): Statistics => ({
    count,
    mean,
    stddev: Math.sqrt(variance),
    min: 0,
    max: 0,
    median: 0,
  });
  const [A, B] = [figures(20.82, 7.9, 15), figures(23, 3.8, 15)];

  it("is Welch's test", () => {
    // By hand: v = 0.5267 and 0.2533, t = -2.18 / 0.8832 = -2.468, 24.9 degrees of freedom.
    const { verdict, p } = compareMeans(A, B, 1);
    expect(verdict).toBe('lower');
    expect(p).toBeCloseTo(tailByDefinition(-2.468, 24.9), 3);
    expect(p).toBeCloseTo(0.021, 3);
  });

  it('asks for more where more samples are compared', () => {
    const { verdict, p } = compareMeans(A, B, 3);
    expect(verdict).toBe('no difference shown');
    expect(p).toBeCloseTo(3 * compareMeans(A, B, 1).p!, 12);
    expect(compareMeans(A, B, 99).p).toBe(1);
  });

  it('tells which is higher', () => {
    const [low, high] = [statisticsOf([1, 2, 3, 2]), statisticsOf([11, 12, 13, 12])];
    expect(compareMeans(high, low, 1).verdict).toBe('higher');
    expect(compareMeans(low, high, 1).verdict).toBe('lower');
  });

  it('says nothing of a handful of numbers, nor of what is out of range', () => {
    const none = { verdict: 'no difference shown', p: null };
    expect(compareMeans(statisticsOf([1, 2]), statisticsOf([90, 91, 92]), 1)).toEqual(none);
    expect(compareMeans(statisticsOf([1]), statisticsOf([2]), 1)).toEqual(none);
    const wide = statisticsOf([-1e308, 1e308, 1e308]);
    expect(compareMeans(wide, statisticsOf([1, 2, 3]), 1)).toEqual(none);
  });

  it('counts how constants could have been dealt out', () => {
    const of = (value: number, count: number) => statisticsOf(Array<number>(count).fill(value));
    expect(compareMeans(of(1, 3), of(2, 3), 1)).toEqual({ verdict: 'no difference shown', p: 0.1 });
    expect(compareMeans(of(2, 5), of(1, 5), 1)).toMatchObject({ verdict: 'higher', p: 2 / 252 });
    expect(compareMeans(of(2, 4), of(1, 5), 1)).toMatchObject({ verdict: 'higher', p: 1 / 126 });
    expect(compareMeans(of(1, 9), of(1, 9), 1)).toEqual({ verdict: 'no difference shown', p: 1 });
    expect(compareMeans(of(2, 1000), of(1, 1000), 1).verdict).toBe('higher');
  });

  it('shows a difference between samples of one kind seldom', () => {
    let state = 7;
    const next = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const draw = () => statisticsOf(Array.from({ length: 12 }, next));
    const verdicts = Array.from({ length: 400 }, () => compareMeans(draw(), draw(), 1).verdict);
    const shown = verdicts.filter((verdict) => verdict !== 'no difference shown').length;
    // 20 are expected; the same numbers are drawn each time.
    expect(shown).toBeGreaterThan(0);
    expect(shown).toBeLessThan(45);
  });
});
