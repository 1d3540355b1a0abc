import fc from 'fast-check';
import { Sample, type Statistics } from '../../../shared/inspection/statistics.js';

function statisticsOf(numbers: readonly number[]): Statistics {
  const sample = new Sample();
  for (const number of numbers) sample.add(number);
  return sample.statistics();
}

/** By the textbook, in integers: no rounding at all. */
function exactly(numbers: readonly number[]): { mean: number; variance: number } {
  const count = BigInt(numbers.length);
  const sum = numbers.reduce((total, number) => total + BigInt(number), 0n);
  const squares = numbers.reduce((total, number) => total + BigInt(number) ** 2n, 0n);
  const numerator = count * squares - sum * sum;
  return {
    mean: Number(sum) / numbers.length,
    variance: Number(numerator) / (numbers.length * (numbers.length - 1)),
  };
}

describe('Sample', () => {
  it('agrees with the textbook in exact arithmetic', () => {
    const numbers = fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), {
      minLength: 2,
      maxLength: 60,
    });
    fc.assert(
      fc.property(numbers, fc.constantFrom(0, 1_000_000_000_000), (values, offset) => {
        const shifted = values.map((value) => value + offset);
        const { count, min, max, mean, median, stddev } = statisticsOf(shifted);
        const exact = exactly(shifted);
        const sorted = [...shifted].sort((left, right) => left - right);
        const middle = (shifted.length - 1) / 2;
        expect(count).toBe(shifted.length);
        expect([min, max]).toEqual([sorted[0], sorted.at(-1)]);
        expect(median).toBe((sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2);
        const scale = Math.max(1, Math.abs(exact.mean));
        expect(Math.abs(mean - exact.mean) / scale).toBeLessThan(1e-12);
        // Shifted by 10^12, each number has 4 digits after the point left.
        expect(Math.abs(stddev! - Math.sqrt(exact.variance))).toBeLessThan(offset === 0 ? 1e-6 : 1);
      }),
    );
  });

  it('keeps the spread of close numbers far from 0, where sums of squares lose it', () => {
    const { mean, stddev } = statisticsOf([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]);
    expect(mean).toBe(1e9 + 10);
    expect(stddev).toBeCloseTo(Math.sqrt(30), 9);
  });

  it('has no deviation for a single number', () => {
    expect(statisticsOf([7])).toEqual({
      count: 1,
      min: 7,
      max: 7,
      mean: 7,
      median: 7,
      stddev: null,
    });
    expect(statisticsOf([0.1, 0.1, 0.1])).toMatchObject({ mean: 0.1, stddev: 0 });
  });

  it('stays within its numbers, whatever they are', () => {
    const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 });
    fc.assert(
      fc.property(numbers, (values) => {
        const { min, max, mean, median, stddev } = statisticsOf(values);
        for (const middle of [mean, median]) {
          expect(middle).toBeGreaterThanOrEqual(min);
          expect(middle).toBeLessThanOrEqual(max);
        }
        expect(stddev === null || stddev >= 0).toBe(true);
      }),
      {
        examples: [[[Number.MAX_VALUE, -Number.MAX_VALUE]], [[Number.MAX_VALUE, Number.MAX_VALUE]]],
      },
    );
  });

  it('has no figures without numbers', () => {
    expect(() => new Sample().statistics()).toThrow(RangeError);
  });
});
