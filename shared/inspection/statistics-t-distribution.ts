/** Lanczos' coefficients for g = 7 and n = 9 (about 15 digits). */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
];
const LANCZOS_G = 7;
const PRECISION = 1e-14;
const MAX_STEPS = 10_000;
/** Stands in for 0 where a fraction would be divided by it. */
const TINY = 1e-300;

/**
 * The probability that a Student's t with `freedom` degrees of freedom (any number above 0) lies at
 * least as far from 0 as `t`, on either side: I_x(freedom/2, 1/2) with x = freedom/(freedom + t²)
 * (NIST DLMF, https://dlmf.nist.gov/8.17; Abramowitz and Stegun 26.7.1).
 */
export function twoSidedTail(t: number, freedom: number): number {
  const square = t * t;
  if (!Number.isFinite(square)) return 0;
  return incompleteBeta(freedom / (freedom + square), freedom / 2, 0.5);
}

/** The regularised incomplete beta function I_x(a, b) for 0 ≤ x ≤ 1. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const logFront =
    a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b);
  const front = Math.exp(logFront);
  // The fraction converges fast on this side; I_x(a, b) = 1 - I_{1-x}(b, a) is for the other.
  if (x < (a + 1) / (a + b + 2)) return (front * continuedFraction(x, a, b)) / a;
  return 1 - (front * continuedFraction(1 - x, b, a)) / b;
}

/** DLMF 8.17.22, from its front to its end as Lentz does. */
function continuedFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / atLeastTiny(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= MAX_STEPS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const term of [even, odd]) {
      d = 1 / atLeastTiny(1 + term * d);
      c = atLeastTiny(1 + term / c);
      change = c * d;
      value *= change;
    }
    if (Math.abs(change - 1) < PRECISION) break;
  }
  return value;
}

function atLeastTiny(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/** ln Γ(z) for z of 1/2 or more. */
function logGamma(z: number): number {
  const shifted = z - 1;
  const series = LANCZOS.slice(1).reduce(
    (sum, coefficient, index) => sum + coefficient / (shifted + index + 1),
    LANCZOS[0] ?? 1,
  );
  const base = shifted + LANCZOS_G + 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(series);
}
