/** A sample of numbers in figures, with the names of the wire. */
export interface Statistics {
  /** How many numbers there are: 1 or more. */
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** The middle one; of an even number of them, the mean of the two in the middle. */
  readonly median: number;
  /** Sample standard deviation (n - 1); null for a single number, or where it is out of range. */
  readonly stddev: number | null;
}

/**
 * Numbers that come one by one. Mean and variance are updated as Welford does (B. P. Welford, "Note
 * on a method for calculating corrected sums of squares and products", Technometrics 4 (3), 1962):
 * sums of large squares, whose difference would be lost, never arise.
 */
export class Sample {
  readonly #values: number[] = [];
  #mean = 0;
  /** Sum of the squares of the differences from the mean. */
  #squares = 0;

  /** `value` must be finite. */
  add(value: number): void {
    const count = this.#values.push(value);
    const before = value - this.#mean;
    // The difference of two numbers may be out of range where none of their parts is.
    this.#mean += Number.isFinite(before) ? before / count : value / count - this.#mean / count;
    this.#squares += before * (value - this.#mean);
  }

  get count(): number {
    return this.#values.length;
  }

  /** Throws RangeError for a sample without numbers. */
  statistics(): Statistics {
    const sorted = this.#values.toSorted((left, right) => left - right);
    const min = sorted[0];
    const max = sorted.at(-1);
    if (min === undefined || max === undefined) throw new RangeError('The sample is empty.');
    const variance = this.#squares / (sorted.length - 1);
    return {
      count: sorted.length,
      min,
      max,
      // Rounding must not carry it past what it is the mean of.
      mean: Math.min(max, Math.max(min, this.#mean)),
      median: medianOf(sorted),
      stddev: Number.isFinite(variance) ? Math.sqrt(Math.max(0, variance)) : null,
    };
  }
}

function medianOf(sorted: readonly number[]): number {
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  if (sorted.length % 2 === 1) return upper;
  const lower = sorted[sorted.length / 2 - 1] ?? upper;
  const middle = (lower + upper) / 2;
  return Number.isFinite(middle) ? middle : lower / 2 + upper / 2;
}
