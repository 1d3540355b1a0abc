import { compareMembers, type TableMember } from '../../shared/inspection/matrix-table.js';
import { Sample, type Statistics } from '../../shared/inspection/statistics.js';

export const MATRIX_ID = 'matrix-0123456789abcdef';

/** The statistics of some numbers. */
export function figures(...numbers: readonly number[]): Statistics {
  const sample = new Sample();
  for (const number of numbers) sample.add(number);
  return sample.statistics();
}

/** What `GET /matrix/{matrix_id}` answers about two variations, the second of which is in that phase. */
export function matrixAnswer(phase: 'running' | 'succeeded' | 'failed'): unknown {
  const isOver = phase !== 'running';
  const first = member('one core', 1, {
    phase: 'succeeded',
    reason: null,
    build_reused: false,
    summary: summaryOf(figures(1.9, 2, 2.1), 3),
  });
  const second = member('two cores', 2, {
    phase,
    reason: phase === 'failed' ? 'ScriptFailed' : null,
    build_reused: true,
    summary: isOver
      ? summaryOf(figures(0.918, 1.01, 1.142), phase === 'failed' ? 0 : 3)
      : undefined,
  });
  return {
    matrix_id: MATRIX_ID,
    created: '2026-01-01T00:00:00.000Z',
    phases: phase === 'succeeded' ? { succeeded: 2 } : { succeeded: 1, [phase]: 1 },
    finished: isOver,
    table: compareMembers([first, second]),
    parameters: { matrix_id: MATRIX_ID },
  };
}

/** What `GET /inspect/{id}/job/summary` answers about three runs, besides its id. */
export function summaryOf(seconds: Statistics, succeeded = 3) {
  const failed = 3 - succeeded;
  return {
    batch_size: 3,
    outcomes: { succeeded, pending: 0, ...(failed > 0 ? { ScriptFailed: failed } : {}) },
    statistics: { '/seconds': seconds },
    statistics_complete: true,
    usage: { ru_utime: figures(1, 1, 1) },
  };
}

function member(
  name: string,
  number: number,
  rest: Omit<TableMember, 'name' | 'inspection_id'>,
): TableMember {
  return { name, inspection_id: `inspection-000000000000000${number}`, ...rest };
}
