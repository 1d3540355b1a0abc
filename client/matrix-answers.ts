import type { MatrixTable } from '../shared/inspection/matrix-table.js';

/** What a matrix became; field names are those of the wire. */
export interface SubmittedMatrix {
  readonly matrix_id: string;
  readonly inspections: readonly { readonly name: string; readonly inspection_id: string }[];
}

/** Where a matrix stands. */
export interface MatrixStatus {
  readonly matrix_id: string;
  readonly created: string | null;
  /** How many variations are in each phase. */
  readonly phases: Readonly<Record<string, number>>;
  /** True once all have ended and the table is complete. */
  readonly finished: boolean;
  readonly table: MatrixTable;
}
