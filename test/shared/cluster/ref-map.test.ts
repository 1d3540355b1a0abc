import type { ClusterRef } from '../../../shared/cluster/port.js';
import { RefMap } from '../../../shared/cluster/ref-map.js';

const BUILD: ClusterRef = { kind: 'build', id: 'same' };
const JOB: ClusterRef = { kind: 'job', id: 'same' };

describe('RefMap', () => {
  it('keeps builds and jobs of the same id apart', () => {
    const map = new RefMap<number>();
    map.set(JOB, 2);
    map.set(BUILD, 1);
    expect([map.get(BUILD), map.get(JOB), map.size]).toEqual([1, 2, 2]);
    expect([...map.refs()]).toEqual([BUILD, JOB]);
    expect(map.delete(BUILD)).toBe(true);
    expect([map.delete(BUILD), map.has(BUILD), map.has(JOB)]).toEqual([false, false, true]);
    map.clear();
    expect([map.size, map.get(JOB)]).toEqual([0, undefined]);
  });
});
