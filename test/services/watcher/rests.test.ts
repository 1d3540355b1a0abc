import { Rests } from '../../../services/watcher/rests.js';
import type { ClusterRef } from '../../../shared/cluster/port.js';

const ENTRY = { buildId: 'build-1', inspectionId: 'inspection-1' };

describe('Rests', () => {
  let running: string[];
  let rests: Rests;
  beforeEach(() => {
    running = [];
    rests = new Rests({
      isRunning: ({ kind, id }: ClusterRef) => running.includes(`${kind}/${id}`),
    });
  });

  /** The passes, of so many, in which it is looked at, and found well. */
  function looks(passes: number): number[] {
    const looked: number[] = [];
    for (let pass = 1; pass <= passes; pass += 1) {
      for (const entry of rests.take([ENTRY])) {
        looked.push(pass);
        rests.note(entry);
      }
    }
    return looked;
  }

  it.each(['job/inspection-1', 'build/build-1'])('spares looks while %s runs', (ref) => {
    running = [ref];
    expect(looks(14)).toEqual([1, 7, 13]);
  });

  it('spares none where the watch does not show it running', () => {
    running = ['job/build-1', 'build/build-2'];
    expect(looks(3)).toEqual([1, 2, 3]);
  });

  it('spares none once what runs has ended', () => {
    running = ['build/build-1'];
    expect(looks(2)).toEqual([1]);
    running = [];
    expect(looks(2)).toEqual([1, 2]);
  });

  it('spares none where not all was well', () => {
    running = ['job/inspection-1'];
    expect(rests.take([ENTRY])).toEqual([ENTRY]);
    expect(rests.take([ENTRY])).toEqual([ENTRY]);
  });
});
