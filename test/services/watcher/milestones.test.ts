import { Milestones } from '../../../services/watcher/milestones.js';
import type { WatchEvent } from '../../../shared/cluster/port.js';
import type { RunObservation, State } from '../../../shared/inspection/observation.js';

const NOW = Date.parse('2026-01-01T12:00:00.000Z');
const ago = (seconds: number) => new Date(NOW - 1000 * seconds).toISOString();

function job(
  total: number,
  ended: number,
  state: State = 'running',
  startedAt = ago(1),
): WatchEvent {
  const runs = Array.from({ length: total }, (_, item): RunObservation => {
    return { item, state: item < ended ? 'terminated' : 'running' };
  });
  return { kind: 'job', id: 'inspection-1', observation: { state, startedAt, runs } };
}
const build = (state: State, startedAt = ago(1)): WatchEvent => ({
  kind: 'build',
  id: 'build-1',
  observation: { state, startedAt },
});
const synced = (): Milestones => {
  const milestones = new Milestones();
  milestones.take({ kind: 'synced' }, NOW);
  return milestones;
};

describe('Milestones', () => {
  it('finds the start of a build once', () => {
    const milestones = synced();
    const found = ['waiting', 'running', 'running', 'terminated', 'running'] as const;
    expect(found.map((state) => milestones.take(build(state), NOW)?.progress.phase)).toEqual([
      undefined,
      'building',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([1, 2, 3, 10, 1000])('finds at most four in a batch of %i, however it goes', (total) => {
    const milestones = synced();
    milestones.take(job(total, 0, 'waiting'), NOW);
    const told = [];
    for (let ended = 0; ended < total; ended += 1) {
      const found = milestones.take(job(total, ended), NOW);
      if (found !== undefined) told.push(found.progress);
    }
    expect(milestones.take(job(total, total, 'terminated'), NOW)).toBeUndefined();
    expect(told.length).toBe(Math.min(4, total));
    expect(told[0]).toEqual({ phase: 'running', runsEnded: 0, quarters: 0 });
    for (const { quarters, runsEnded } of told) {
      expect(runsEnded).toBeGreaterThanOrEqual((quarters * total) / 4);
      expect(runsEnded).toBeLessThan(total);
    }
    expect(told.map(({ quarters }) => quarters)).toEqual(
      [...new Set(told.map(({ quarters }) => quarters))].sort(),
    );
  });

  it('leaves out what was passed over', () => {
    const milestones = synced();
    expect(milestones.take(job(8, 5), NOW)?.progress).toMatchObject({ quarters: 2, runsEnded: 5 });
    expect(milestones.take(job(8, 2), NOW)).toBeUndefined();
    expect(milestones.take(job(8, 6), NOW)?.progress).toMatchObject({ quarters: 3 });
  });

  it('takes for news, of what is there at first, what has begun a moment ago', () => {
    const milestones = new Milestones();
    expect(milestones.take(build('running', ago(119)), NOW)).toBeDefined();
    expect(milestones.take(job(8, 3, 'running', ago(121)), NOW)).toBeUndefined();
    milestones.take({ kind: 'synced' }, NOW);
    expect(milestones.take(job(8, 3, 'running', ago(121)), NOW)).toBeUndefined();
    expect(milestones.take(job(8, 4, 'running', ago(500)), NOW)?.progress.quarters).toBe(2);
  });

  it('begins anew with the watch, and with what is gone', () => {
    const milestones = synced();
    milestones.take(build('running'), NOW);
    milestones.take({ kind: 'gone', ref: { kind: 'build', id: 'build-1' } }, NOW);
    expect(milestones.take(build('running'), NOW)).toBeDefined();
    milestones.forget();
    expect(milestones.take(build('running', ago(500)), NOW)).toBeUndefined();
  });

  it('is not confused by times that are none', () => {
    expect(new Milestones().take(build('running', 'soon'), NOW)).toBeUndefined();
    const observation = { state: 'running', runs: [] } as const;
    const found = synced().take({ kind: 'job', id: 'inspection-1', observation }, NOW);
    expect(found?.progress).toEqual({ phase: 'running', runsEnded: 0, quarters: 0 });
  });
});
