import { Suspects, type Room } from '../../../services/watcher/suspects.js';
import type { ClusterRef } from '../../../shared/cluster/port.js';

const job = (id: string): ClusterRef => ({ kind: 'job', id });
const room = (places: number, ...held: string[]): Room => ({
  places,
  isWaitedFor: ({ id }) => held.includes(id),
});
const ids = (refs: readonly ClusterRef[]) => refs.map(({ id }) => id);

describe('Suspects', () => {
  it('hints ever more seldom, at last every two minutes of passes', () => {
    const suspects = new Suspects();
    const passes: number[] = [];
    for (let pass = 1; pass <= 150; pass += 1) {
      if (suspects.take([job('a')]).length > 0) passes.push(pass);
    }
    expect(passes).toEqual([2, 4, 8, 16, 32, 56, 80, 104, 128]);
  });

  it('lets a crowd wait for longer: it stands in line for the functions, most likely', () => {
    const suspects = new Suspects();
    const crowd = Array.from({ length: 21 }, (_, number) => job(`job-${number}`));
    const hinted = [1, 2, 3, 4, 5, 6, 7].map(() => suspects.take(crowd).length);
    expect(hinted).toEqual([0, 0, 0, 0, 0, 21, 0]);
    const left = crowd.slice(0, 20);
    const other = new Suspects();
    other.take(crowd);
    expect(other.take(left)).toHaveLength(20);
  });

  it('hints at what waits for room as soon as there is some', () => {
    const suspects = new Suspects();
    const passes: number[] = [];
    for (let pass = 1; pass <= 60; pass += 1) {
      const places = pass === 20 || pass === 21 || pass === 45 ? 3 : 0;
      if (suspects.take([job('a')], room(places, 'a')).length > 0) passes.push(pass);
    }
    // At 40, and not at 32: it was hinted at meanwhile.
    expect(passes).toEqual([2, 4, 8, 16, 20, 21, 42, 45]);
  });

  it('hints at as many as there is room for, each in its turn', () => {
    const suspects = new Suspects();
    const all = ['a', 'b', 'c', 'd', 'e'];
    for (let pass = 1; pass <= 5; pass += 1) suspects.take(all.map(job));
    expect(ids(suspects.take(all.map(job), room(2, ...all)))).toEqual(['a', 'b']);
    expect(ids(suspects.take(all.map(job), room(2, ...all)))).toEqual(['c', 'd']);
    expect(ids(suspects.take(all.map(job), room(0, ...all))).sort()).toEqual(['e']);
  });

  it('spares those that do not wait for room, and those that are new', () => {
    const suspects = new Suspects();
    for (let pass = 1; pass <= 5; pass += 1) suspects.take([job('a'), job('b')]);
    const found = suspects.take([job('a'), job('b'), job('c')], room(9, 'b', 'c'));
    expect(ids(found)).toEqual(['b']);
  });
});
