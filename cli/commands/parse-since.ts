import { InvalidArgumentError } from 'commander';

const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 24 * 3_600_000,
};
const SPAN = /^(\d{1,6})\s?(s|min|h|d)$/;
const TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** A parser of "2h" (before `now`, ms since the epoch) or a time, as ISO 8601; for commander. */
export function since(now: () => number): (text: string) => string {
  return (text) => {
    const [, count, unit = ''] = SPAN.exec(text) ?? [];
    const span = UNITS_MS[unit];
    const time =
      count !== undefined && span !== undefined
        ? now() - Number(count) * span
        : Date.parse(TIME.test(text) ? text : '');
    if (!Number.isNaN(time)) return new Date(time).toISOString();
    throw new InvalidArgumentError('Write a span like 30min, 2h or 7d, or a time like 2026-01-31.');
  };
}
