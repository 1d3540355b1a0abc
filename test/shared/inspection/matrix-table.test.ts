import { compareMembers, type TableMember } from '../../../shared/inspection/matrix-table.js';
import { Sample, type Statistics } from '../../../shared/inspection/statistics.js';
import type { RunsSummary } from '../../../shared/inspection/summarize-runs.js';

function figures(...numbers: readonly number[]): Statistics {
  const sample = new Sample();
  for (const number of numbers) sample.add(number);
  return sample.statistics();
}

function member(name: string, summary?: Partial<RunsSummary>): TableMember {
  const whole = { batch_size: 3, outcomes: { succeeded: 3, pending: 0 }, usage: {} };
  return {
    name,
    inspection_id: `inspection-${'0'.repeat(16)}`,
    phase: summary === undefined ? 'running' : 'succeeded',
    reason: null,
    build_reused: false,
    ...(summary && {
      summary: { statistics: {}, statistics_complete: true, ...whole, ...summary },
    }),
  };
}

describe('compareMembers', () => {
  it('puts what most rows have first, and what was printed before what was used', () => {
    const used = { ru_utime: figures(1) };
    const { columns } = compareMembers([
      member('a', { statistics: { '/rare': figures(1), '/all': figures(1) }, usage: used }),
      member('b', { statistics: { '/two': figures(1), '/all': figures(1) }, usage: used }),
      member('c', { statistics: { '/all': figures(1), '/two': figures(1) } }),
    ]);
    expect(columns).toEqual(['/all', '/two', 'ru_utime', '/rare']);
  });

  it('compares every row with the first', () => {
    const { rows } = compareMembers([
      member('a', {
        statistics: { '/n': figures(1, 2, 3), '/zero': figures(0), '/x': figures(1) },
      }),
      member('b', { statistics: { '/n': figures(3, 4, 5), '/zero': figures(1) } }),
      member('c', { statistics: { '/n': figures(101, 102, 103) } }),
      member('d'),
    ]);
    expect(rows.map(({ ratio }) => ratio)).toEqual([
      {},
      { '/n': 2, '/zero': null },
      { '/n': 51 },
      {},
    ]);
    expect(rows.map(({ difference }) => difference['/n']?.verdict)).toEqual([
      undefined,
      'no difference shown',
      'higher',
      undefined,
    ]);
    expect(rows[1]?.difference['/zero']).toEqual({ verdict: 'no difference shown', p: null });
    expect(rows[3]).toMatchObject({ outcomes: null, values: {} });
  });

  it('asks for more the more rows are compared', () => {
    const first = member('a', { statistics: { '/n': figures(1, 2, 3) } });
    const other = member('b', { statistics: { '/n': figures(2, 3, 4) } });
    const alone = compareMembers([first, other]).rows[1]?.difference['/n'];
    const among = compareMembers([first, other, other]).rows[1]?.difference['/n'];
    expect(among?.p).toBeCloseTo(Math.min(1, 2 * alone!.p!), 12);
  });

  it('compares nothing where the first row has nothing', () => {
    const { rows } = compareMembers([
      member('a'),
      member('b', { statistics: { '/n': figures(1, 2, 3) } }),
    ]);
    expect(rows[1]).toMatchObject({ values: { '/n': { count: 3 } }, ratio: {}, difference: {} });
    expect(compareMembers([])).toEqual({ columns: [], rows: [] });
  });
});
