import type { Phase } from './phase.js';
import type { Reason } from './reason.js';
import type { Statistics } from './statistics.js';
import { compareMeans, type Difference } from './statistics-compare.js';
import type { RunsSummary } from './summarize-runs.js';

/** Where a variation stands that has no inspection: not submitted yet, or not kept any more. */
export type MemberPhase = Phase | 'not submitted' | 'gone';

/** One variation, as known; field names are those of the wire. */
export interface TableMember {
  readonly name: string;
  readonly inspection_id: string;
  readonly phase: MemberPhase;
  readonly reason: Reason | null;
  /** null where there is no inspection. */
  readonly build_reused: boolean | null;
  /** Absent until its inspection has ended and its runs are summarized. */
  readonly summary?: RunsSummary | undefined;
}

/** One variation beside the first. */
export interface TableRow extends Omit<TableMember, 'summary'> {
  /** Runs by how they ended; null where there is no summary. */
  readonly outcomes: RunsSummary['outcomes'] | null;
  /** By column. */
  readonly values: Readonly<Record<string, Statistics>>;
  /** Its mean divided by the first row's, by column; null where that one is 0. */
  readonly ratio: Readonly<Record<string, number | null>>;
  /** Whether the means differ for more than chance, by column. */
  readonly difference: Readonly<Record<string, Difference>>;
}

/** Variations side by side, in figures. */
export interface MatrixTable {
  /** JSON pointers into the runs' stdout and names of usage fields; those of most rows first. */
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

/** Puts variations side by side; every row but the first is compared with it. */
export function compareMembers(members: readonly TableMember[]): MatrixTable {
  const columns = columnsOf(members);
  const [first] = members;
  const reference = first === undefined ? {} : valuesOf(first);
  const comparisons = new Map(
    columns.map((column) => [column, members.slice(1).filter((one) => has(one, column)).length]),
  );
  const rows = members.map((member, index): TableRow => {
    const { summary, ...rest } = member;
    const values = valuesOf(member);
    const shared =
      index === 0 ? [] : Object.keys(values).filter((column) => Object.hasOwn(reference, column));
    const beside = shared.flatMap((column) => {
      const [own, other] = [values[column], reference[column]];
      if (own === undefined || other === undefined) return [];
      const difference = compareMeans(own, other, comparisons.get(column) ?? 1);
      return [{ column, ratio: ratioOf(own, other), difference }];
    });
    return {
      ...rest,
      outcomes: summary?.outcomes ?? null,
      values,
      ratio: Object.fromEntries(beside.map(({ column, ratio }) => [column, ratio])),
      difference: Object.fromEntries(beside.map(({ column, difference }) => [column, difference])),
    };
  });
  return { columns, rows };
}

/** What most rows have comes first; else what was printed before what was used, in that order. */
function columnsOf(members: readonly TableMember[]): string[] {
  const rows = new Map<string, number>();
  for (const part of ['statistics', 'usage'] as const) {
    for (const { summary } of members) {
      for (const column of Object.keys(summary?.[part] ?? {})) {
        rows.set(column, (rows.get(column) ?? 0) + 1);
      }
    }
  }
  return [...rows].sort(([, left], [, right]) => right - left).map(([column]) => column);
}

/** Pointers begin with "/" or are empty, names of usage fields neither: they cannot meet. */
function valuesOf({ summary }: TableMember): Readonly<Record<string, Statistics>> {
  return { ...summary?.statistics, ...summary?.usage };
}

function has({ summary }: TableMember, column: string): boolean {
  if (summary === undefined) return false;
  return Object.hasOwn(summary.statistics, column) || Object.hasOwn(summary.usage, column);
}

function ratioOf(own: Statistics, other: Statistics): number | null {
  const ratio = own.mean / other.mean;
  return Number.isFinite(ratio) ? ratio : null;
}
