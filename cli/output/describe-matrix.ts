import type { MatrixTable, TableRow } from '../../shared/inspection/matrix-table.js';
import { formatFigure } from './format-figure.js';
import { formatTable } from './format-table.js';
import { harmlessLine } from './harmless-text.js';

/** Columns that are shown unless all are asked for. */
const SHOWN_COLUMNS = 12;
/** Below it, digits of a probability say nothing. */
const SMALLEST_P = 0.001;

/** Units of what getrusage tells. */
const UNITS: Readonly<Record<string, string>> = {
  ru_utime: 's',
  ru_stime: 's',
  ru_maxrss: 'KiB',
};

/** How each variation ended, then each number that they printed or used, one line a variation. */
export function describeMatrix(table: MatrixTable, { all }: { readonly all: boolean }): string {
  const shown = all ? table.columns : table.columns.slice(0, SHOWN_COLUMNS);
  const header = ['VARIATION', 'PHASE', 'RUNS', 'BUILD', 'REASON', 'INSPECTION'];
  const outcomes = formatTable([header, ...table.rows.map(describeOutcome)]);
  const figures = shown.flatMap((column) => describeColumn(column, table.rows));
  if (figures.length === 0) return outcomes;
  const names = ['NUMBER', 'VARIATION', 'RUNS', 'MEAN', 'STDDEV', 'MEDIAN', 'RATIO', 'DIFFERENCE'];
  const more = table.columns.length - shown.length;
  const rest = more > 0 ? `and ${more} more numbers; --all shows them\n` : '';
  return `${outcomes}\n${formatTable([names, ...figures])}${rest}`;
}

function describeOutcome(row: TableRow): string[] {
  const reused = row.build_reused;
  return [
    harmlessLine(row.name),
    row.phase,
    describeRuns(row.outcomes),
    reused === null ? '-' : reused ? 'reused' : 'new',
    row.reason ?? '-',
    row.inspection_id,
  ];
}

/** "5/5": succeeded of all. */
function describeRuns(outcomes: TableRow['outcomes']): string {
  if (outcomes === null) return '-';
  const total = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  return `${outcomes['succeeded'] ?? 0}/${total}`;
}

function describeColumn(column: string, rows: readonly TableRow[]): string[][] {
  const having = rows.filter((row) => Object.hasOwn(row.values, column));
  return having.map((row, index) => {
    const value = row.values[column];
    const isReference = row === rows[0];
    return [
      index === 0 ? titleOf(column) : '',
      harmlessLine(row.name),
      formatFigure(value?.count),
      formatFigure(value?.mean),
      formatFigure(value?.stddev),
      formatFigure(value?.median),
      isReference ? '1' : formatFigure(row.ratio[column]),
      isReference ? '(reference)' : describeDifference(row, column),
    ];
  });
}

/** A script may print one number and nothing else: it has no name. */
function titleOf(column: string): string {
  if (column === '') return '(stdout)';
  const unit = UNITS[column];
  return unit === undefined ? harmlessLine(column) : `${column} (${unit})`;
}

function describeDifference({ difference }: TableRow, column: string): string {
  const found = Object.hasOwn(difference, column) ? difference[column] : undefined;
  if (found === undefined) return '-';
  if (found.p === null) return found.verdict;
  const p = found.p < SMALLEST_P ? `p < ${SMALLEST_P}` : `p = ${Number(found.p.toPrecision(2))}`;
  return `${found.verdict} (${p})`;
}
