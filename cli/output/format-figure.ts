const DIGITS = 4;

/** A measured number in four digits: "1.234", "0.05", "1.2e+9"; "-" where there is none. */
export function formatFigure(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '-';
  // Whole numbers are counts, which people compare digit by digit.
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return String(value);
  return String(Number(value.toPrecision(DIGITS)));
}
