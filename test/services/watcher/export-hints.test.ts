import { ExportHints } from '../../../services/watcher/export-hints.js';
import type { ClusterRef } from '../../../shared/cluster/port.js';

const refs = (from: number, to: number): ClusterRef[] =>
  Array.from({ length: to - from }, (_, n) => ({ kind: 'job', id: `job-${from + n}` }));
const counts = (hints: ExportHints, waiting: readonly ClusterRef[], passes: number): number[] =>
  Array.from({ length: passes }, () => hints.take(waiting).length);

describe('ExportHints', () => {
  it('leaves alone what is being exported at this moment', () => {
    const hints = new ExportHints();
    expect(hints.take(refs(0, 3))).toEqual([]);
    expect(hints.take(refs(3, 6))).toEqual([]);
    expect(hints.take([])).toEqual([]);
  });

  it('looks again at each once, and then, while none gets through, at one ever more seldom', () => {
    const hints = new ExportHints();
    const all = refs(0, 100);
    expect(counts(hints, all, 2)).toEqual([0, 100]);
    const later = counts(hints, all, 500);
    expect(Math.max(...later)).toBe(1);
    expect(later.slice(0, 8)).toEqual([1, 0, 1, 0, 0, 0, 1, 0]);
    expect(later.slice(-100).filter((count) => count > 0).length).toBeLessThanOrEqual(5);
  });

  it('never asks the same one all the time', () => {
    const hints = new ExportHints();
    const all = refs(0, 3);
    counts(hints, all, 2);
    const asked = Array.from({ length: 60 }, () => hints.take(all)).flat();
    expect(asked.slice(0, 4).map(({ id }) => id)).toEqual(['job-0', 'job-1', 'job-2', 'job-0']);
  });

  it('takes twice as many with each pass in which one got through', () => {
    const hints = new ExportHints();
    counts(hints, refs(0, 100), 100);
    const sizes: number[] = [];
    let left = refs(0, 100);
    // One of those that were asked gets through in the first pass, and all that are asked after it.
    let through: readonly ClusterRef[] = left.slice(0, 1);
    while (left.length > 0) {
      const ids = new Set(through.map(({ id }) => id));
      left = left.filter(({ id }) => !ids.has(id));
      through = hints.take(left);
      sizes.push(through.length);
    }
    expect(sizes).toEqual([2, 4, 8, 16, 32, 37, 0]);
  });
});
