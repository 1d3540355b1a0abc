import type { Statistics } from './statistics.js';
import { twoSidedTail } from './statistics-t-distribution.js';

/** Numbers that each of two samples must have for their means to be compared. */
const MIN_COMPARED = 3;

/** A difference at least this improbable by chance alone is shown. */
const SIGNIFICANCE = 0.05;

/** What can be said of a sample's mean beside that of another. */
export interface Difference {
  readonly verdict: 'higher' | 'lower' | 'no difference shown';
  /**
   * How probable means at least this far apart are where there is no difference, corrected for the
   * number of comparisons; null where the samples are too small to tell.
   */
  readonly p: number | null;
}

/**
 * Tells whether the mean of `sample` differs from that of `reference`, from their figures alone.
 *
 * Welch's t-test (B. L. Welch, "The generalization of 'Student's' problem when several different
 * population variances are involved", Biometrika 34, 1947), two-sided:
 * t = (m₁ - m₂) / √(v₁ + v₂) with v = s²/n, and by Satterthwaite's approximation
 * (v₁ + v₂)² / (v₁²/(n₁ - 1) + v₂²/(n₂ - 1)) degrees of freedom.
 *
 * @param comparisons how many samples are compared with this reference: p is multiplied by it
 *   (Bonferroni), so that among many rows none stands out by chance
 */
export function compareMeans(
  sample: Statistics,
  reference: Statistics,
  comparisons: number,
): Difference {
  const probability = probabilityByChance(sample, reference);
  if (probability === undefined) return { verdict: 'no difference shown', p: null };
  const p = Math.min(1, probability * comparisons);
  if (p >= SIGNIFICANCE) return { verdict: 'no difference shown', p };
  return { verdict: sample.mean > reference.mean ? 'higher' : 'lower', p };
}

function probabilityByChance(one: Statistics, other: Statistics): number | undefined {
  if (Math.min(one.count, other.count) < MIN_COMPARED) return undefined;
  if (one.stddev === null || other.stddev === null) return undefined;
  const [first, second] = [one.stddev ** 2 / one.count, other.stddev ** 2 / other.count];
  const variance = first + second;
  if (!Number.isFinite(variance)) return undefined;
  if (variance === 0) return probabilityOfConstants(one, other);
  // Shares of the variance: its square may be out of range where it is not.
  const [share, rest] = [first / variance, second / variance];
  const freedom = 1 / (share ** 2 / (one.count - 1) + rest ** 2 / (other.count - 1));
  return twoSidedTail((one.mean - other.mean) / Math.sqrt(variance), freedom);
}

/**
 * Where neither sample varies, t has no value; the permutation test has. Of all the ways to deal
 * n₁ + n₂ such numbers out to two samples, two keep the kinds apart (one where n₁ ≠ n₂).
 */
function probabilityOfConstants(one: Statistics, other: Statistics): number {
  if (one.mean === other.mean) return 1;
  let ways = 1;
  for (let drawn = 1; drawn <= one.count && ways < 1e12; drawn += 1) {
    ways *= (other.count + drawn) / drawn;
  }
  return (one.count === other.count ? 2 : 1) / ways;
}
