import { AmunError } from '../errors/amun-error.js';
import { quoteText } from './validation/json-pointer.js';

/** Suffixes as Kubernetes has them: powers of ten, and powers of 1024. */
const DECIMAL_EXPONENTS: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const BINARY_FACTORS: Readonly<Record<string, number>> = {
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};
const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]?))$/;
const MAX_LENGTH = 64;
/** Kubernetes keeps quantities in 63 bits. */
const LARGEST = 2 ** 63;

/**
 * The number a Kubernetes quantity stands for: "500m" is 0.5, "1.5Gi" is 1610612736, "1e3" is 1000.
 * Throws InvalidSpecification, saying what to write, for what Kubernetes would not take either.
 */
export function parseQuantity(text: string): number {
  const value = readQuantity(text);
  if (value !== undefined) return value;
  throw new AmunError(
    'InvalidSpecification',
    `${quoteText(text)} is no quantity; write a number with an optional suffix, for example "500m", "2" or "1.5Gi".`,
  );
}

/** The same, but undefined for what is no quantity. */
export function readQuantity(text: string): number | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const [, digits, exponent, suffix] = QUANTITY.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const factor = BINARY_FACTORS[suffix ?? ''];
  // "1.5e3" is read in one go: multiplying by 0.001 would round twice.
  const value =
    factor === undefined
      ? Number(`${digits}${exponent ?? `e${DECIMAL_EXPONENTS[suffix ?? ''] ?? 0}`}`)
      : Number(digits) * factor;
  return Math.abs(value) < LARGEST ? value : undefined;
}
