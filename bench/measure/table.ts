import { isReached, ratioOf, type Figure, type Goal } from './figure.js';

const HEAD = ['measured', 'value', 'floor', 'ratio (rounds)', 'goal', 'reached', 'n'];

/** The figures as a table for people, one line each. */
export function formatTable(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(formatRow)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return `${lines.join('\n')}\n`;
}

function formatRow(figure: Figure): string[] {
  const { floor, unit } = figure;
  const reached = isReached(figure);
  return [
    figure.what,
    `${digits(figure.value)} ${unit}`,
    floor === undefined ? '' : `${digits(floor.value)} ${unit}: ${floor.what}`,
    formatRatio(figure),
    figure.goal === undefined ? '' : formatGoal(figure.goal, unit),
    reached === undefined ? '' : reached ? 'yes' : 'NO',
    String(figure.count),
  ];
}

function formatRatio(figure: Figure): string {
  const ratio = ratioOf(figure);
  if (ratio === undefined) return '';
  const { spread } = figure;
  const range = spread === undefined ? '' : ` (${digits(spread[0])}–${digits(spread[1])})`;
  return `${digits(ratio)}×${range}`;
}

function formatGoal({ of, bound, limit }: Goal, unit: string): string {
  const sign = bound === 'at most' ? '≤' : '≥';
  return of === 'ratio' ? `${sign} ${limit}×` : `${sign} ${limit} ${unit}`;
}

/** Three digits that count; no more of a measured figure is worth anything. */
function digits(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}
