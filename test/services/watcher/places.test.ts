import { Places } from '../../../services/watcher/places.js';
import type { WatchEvent } from '../../../shared/cluster/port.js';
import type { JobObservation } from '../../../shared/inspection/observation.js';

const job = (id: string, ended: number, more: Partial<JobObservation> = {}): WatchEvent => ({
  kind: 'job',
  id,
  observation: {
    state: 'running',
    runs: [0, 1, 2, 3].map((item) => ({ item, state: item < ended ? 'terminated' : 'running' })),
    ...more,
  },
});
const held = { held: true, stalled: true } as const;

describe('Places', () => {
  it('counts each end once', () => {
    const places = new Places();
    for (const ended of [0, 1, 1, 3]) places.note(job('a', ended));
    places.note({ kind: 'build', id: 'b', observation: { state: 'running' } });
    places.note({ kind: 'build', id: 'b', observation: { state: 'terminated' } });
    places.note({ kind: 'build', id: 'b', observation: { state: 'terminated' } });
    places.note({ kind: 'gone', ref: { kind: 'job', id: 'c' } });
    places.note({ kind: 'synced' });
    expect(places.take().places).toBe(5);
    expect(places.take().places).toBe(0);
    places.note(job('a', 4));
    expect(places.take().places).toBe(1);
  });

  it('counts what ends a second time, on another try', () => {
    const places = new Places();
    places.note(job('a', 3));
    places.note(job('a', 2));
    places.note(job('a', 3));
    expect(places.take().places).toBe(4);
  });

  it('knows who waits for room, and until when', () => {
    const places = new Places();
    const ref = { kind: 'job', id: 'a' } as const;
    places.note(job('a', 0, held));
    expect(places.take().isWaitedFor(ref)).toBe(true);
    expect(places.take().isWaitedFor({ kind: 'build', id: 'a' })).toBe(false);
    places.note(job('a', 0));
    expect(places.isHeld(ref)).toBe(false);
    places.note(job('a', 0, held));
    places.note({ kind: 'gone', ref });
    expect(places.isHeld(ref)).toBe(false);
    places.note(job('a', 0, held));
    places.forget();
    expect(places.isHeld(ref)).toBe(false);
  });
});
