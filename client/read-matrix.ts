import type { Statistics } from '../shared/inspection/statistics.js';
import type { Difference } from '../shared/inspection/statistics-compare.js';
import type { MemberPhase, TableRow } from '../shared/inspection/matrix-table.js';
import type { Reason } from '../shared/inspection/reason.js';
import type { RunsSummary } from '../shared/inspection/summarize-runs.js';
import { asArray, asNumber, asObject, asText } from '../shared/json/read-json.js';
import type { MatrixStatus, SubmittedMatrix } from './matrix-answers.js';

/** The answer to a submission. */
export function readSubmittedMatrix(body: unknown): SubmittedMatrix {
  const fields = asObject(body);
  return {
    matrix_id: asText(fields['matrix_id']) ?? '',
    inspections: asArray(fields['inspections']).map((entry) => {
      const { name, inspection_id: id } = asObject(entry);
      return { name: asText(name) ?? '', inspection_id: asText(id) ?? '' };
    }),
  };
}

/** Where a matrix stands; what the service leaves out is null or empty. */
export function readMatrix(body: unknown): MatrixStatus {
  const fields = asObject(body);
  const table = asObject(fields['table']);
  return {
    matrix_id: asText(fields['matrix_id']) ?? '',
    created: asText(fields['created']) ?? null,
    phases: mapFields(fields['phases'], (count) => asNumber(count) ?? 0),
    finished: fields['finished'] === true,
    table: {
      columns: asArray(table['columns']).flatMap((column) => asText(column) ?? []),
      rows: asArray(table['rows']).map(readRow),
    },
  };
}

/** A batch in figures. */
export function readRunsSummary(body: unknown): RunsSummary {
  const fields = asObject(body);
  return {
    batch_size: asNumber(fields['batch_size']) ?? 1,
    outcomes: mapFields(fields['outcomes'], (count) => asNumber(count) ?? 0),
    statistics: mapFields(fields['statistics'], readStatistics),
    statistics_complete: fields['statistics_complete'] !== false,
    usage: mapFields(fields['usage'], readStatistics),
  };
}

function readRow(body: unknown): TableRow {
  const fields = asObject(body);
  const reused = fields['build_reused'];
  const outcomes = fields['outcomes'];
  return {
    name: asText(fields['name']) ?? '',
    inspection_id: asText(fields['inspection_id']) ?? '',
    // Phases and reasons that this version does not know are shown as they are.
    phase: (asText(fields['phase']) ?? 'unknown') as MemberPhase,
    reason: (asText(fields['reason']) ?? null) as Reason | null,
    build_reused: typeof reused === 'boolean' ? reused : null,
    outcomes: outcomes == null ? null : mapFields(outcomes, (count) => asNumber(count) ?? 0),
    values: mapFields(fields['values'], readStatistics),
    ratio: mapFields(fields['ratio'], (ratio) => asNumber(ratio) ?? null),
    difference: mapFields(fields['difference'], readDifference),
  };
}

function readStatistics(value: unknown): Statistics {
  const fields = asObject(value);
  const figure = (name: keyof Statistics): number => asNumber(fields[name]) ?? NaN;
  return {
    count: asNumber(fields['count']) ?? 0,
    min: figure('min'),
    max: figure('max'),
    mean: figure('mean'),
    median: figure('median'),
    stddev: asNumber(fields['stddev']) ?? null,
  };
}

function readDifference(value: unknown): Difference {
  const fields = asObject(value);
  const verdict = fields['verdict'];
  return {
    verdict: verdict === 'higher' || verdict === 'lower' ? verdict : 'no difference shown',
    p: asNumber(fields['p']) ?? null,
  };
}

function mapFields<T>(value: unknown, read: (member: unknown) => T): Record<string, T> {
  return Object.fromEntries(
    Object.entries(asObject(value)).map(([name, member]) => [name, read(member)]),
  );
}
