import type { JobObservation } from '../../../shared/inspection/observation.js';
import { Sightings } from '../../../services/watcher/sightings.js';

const running: JobObservation = { state: 'running', runs: [{ item: 0, state: 'running' }] };
const waiting: JobObservation = { state: 'waiting', runs: [{ item: 0, state: 'waiting' }] };
const nothing = () => Promise.resolve(undefined);

describe('Sightings', () => {
  const asked: string[] = [];
  const make = () =>
    new Sightings({
      observeBuild: (id) => Promise.resolve(void asked.push(id)),
      observeJob: (id) => Promise.resolve(void asked.push(id)),
    });
  beforeEach(() => asked.splice(0));

  it('spares a live read of what runs', async () => {
    const sightings = make();
    sightings.note({ kind: 'job', id: 'a', observation: running });
    expect(await sightings.observeJob('a')).toBe(running);
    expect(asked).toEqual([]);
  });

  it('spares a live read of what waits in a queue of the cluster’s', async () => {
    const sightings = make();
    const queued = { ...waiting, queue: 'team-a' };
    sightings.note({ kind: 'job', id: 'a', observation: queued });
    expect(await sightings.observeJob('a')).toBe(queued);
    expect(asked).toEqual([]);
  });

  it('spares live reads of what has ended, until it is gone', async () => {
    const sightings = make();
    const ended: JobObservation = { ...running, state: 'terminated' };
    sightings.note({ kind: 'job', id: 'a', observation: ended });
    expect(await sightings.observeJob('a')).toBe(ended);
    expect(asked).toEqual([]);
    sightings.note({ kind: 'gone', ref: { kind: 'job', id: 'a' } });
    expect(await sightings.observeJob('a')).toBeUndefined();
  });

  it('spares a live read of what it saw go, until it comes back or the watch breaks off', async () => {
    const sightings = make();
    const go = () => sightings.note({ kind: 'gone', ref: { kind: 'job', id: 'a' } });
    sightings.note({ kind: 'job', id: 'a', observation: running });
    go();
    expect(await sightings.observeJob('a')).toBeUndefined();
    expect(asked).toEqual([]);
    sightings.note({ kind: 'job', id: 'a', observation: running });
    expect(await sightings.observeJob('a')).toBe(running);
    go();
    sightings.forget();
    await sightings.observeJob('a');
    expect(asked).toEqual(['a']);
  });

  it('reads live what a whole watch has not shown: it may lag behind', async () => {
    const sightings = make();
    sightings.note({ kind: 'synced' });
    sightings.note({ kind: 'gone', ref: { kind: 'build', id: 'a' } });
    await sightings.observeJob('a');
    await sightings.observeBuild('b');
    expect(asked).toEqual(['a', 'b']);
  });

  it('remembers no more than a bounded number of those', async () => {
    const sightings = make();
    for (let at = 0; at <= 10_000; at += 1) {
      sightings.note({ kind: 'gone', ref: { kind: 'job', id: String(at) } });
    }
    await sightings.observeJob('0');
    await sightings.observeJob('1');
    expect(asked).toEqual(['0']);
  });

  it.each<[string, (sightings: Sightings) => void]>([
    [
      'is stalled',
      (one) => one.note({ kind: 'job', id: 'a', observation: { ...running, stalled: true } }),
    ],
    [
      'is stalled in a queue',
      (one) =>
        one.note({
          kind: 'job',
          id: 'a',
          observation: { ...waiting, queue: 'team-a', stalled: true },
        }),
    ],
    [
      'waits for room',
      (one) => one.note({ kind: 'job', id: 'a', observation: { ...running, held: true } }),
    ],
    ['was seen by a watch that broke off', (one) => one.forget()],
  ])('reads live what %s', async (_, happen) => {
    const sightings = make();
    sightings.note({ kind: 'job', id: 'a', observation: running });
    happen(sightings);
    expect(await sightings.observeJob('a')).toBeUndefined();
    expect(asked).toEqual(['a']);
  });

  it('reads live from time to time what has not begun', async () => {
    let now = 0;
    const read = () => Promise.resolve(void asked.push('live'));
    const sightings = new Sightings({ observeBuild: read, observeJob: read }, () => now);
    sightings.note({ kind: 'job', id: 'a', observation: waiting });
    for (now of [0, 9_999]) expect(await sightings.observeJob('a')).toBe(waiting);
    expect(asked).toEqual([]);
    now = 10_000;
    // Nobody has made it, say: the watch tells nothing of that.
    for (let pass = 0; pass < 2; pass += 1) {
      expect(await sightings.observeJob('a')).toBeUndefined();
    }
    expect(asked).toHaveLength(2);
  });

  it('reads live from time to time a job of which some runs are still to start', async () => {
    let now = 0;
    const live: JobObservation[] = [];
    const sightings = new Sightings(
      {
        observeBuild: () => Promise.resolve(undefined),
        observeJob: (id) => {
          asked.push(id);
          return Promise.resolve(live.at(-1));
        },
      },
      () => now,
    );
    const runs = [
      { item: 0, state: 'running' },
      { item: 1, state: 'waiting' },
    ] as const;
    const partly: JobObservation = { state: 'running', runs };
    live.push(partly);
    sightings.note({ kind: 'job', id: 'a', observation: partly });
    for (now of [0, 29_999, 30_000, 59_999]) {
      expect(await sightings.observeJob('a')).toEqual(partly);
    }
    expect(asked).toEqual(['a']);
    live.push({ ...partly, stalled: true });
    now = 60_000;
    for (let pass = 0; pass < 2; pass += 1) {
      expect(await sightings.observeJob('a')).toMatchObject({ stalled: true });
    }
    expect(asked).toHaveLength(3);
    // In a queue of the cluster's, that is no hurry.
    asked.splice(0);
    const queued = { ...partly, runs: [runs[0], { ...runs[1], queue: 'team-a' }] };
    sightings.note({ kind: 'job', id: 'a', observation: queued });
    now = 659_999;
    expect(await sightings.observeJob('a')).toBe(queued);
    expect(asked).toEqual([]);
  });

  it.each([
    ['waits', waiting, 10_000],
    ['runs', running, 600_000],
  ])('sees, and keeps, an end of what %s that time alone brought', async (_, shown, later) => {
    let now = 0;
    const ended: JobObservation = { ...waiting, state: 'terminated', reason: 'Unschedulable' };
    const observeJob = (id: string) => Promise.resolve((asked.push(id), ended));
    const sightings = new Sightings({ observeJob, observeBuild: nothing }, () => now);
    sightings.note({ kind: 'job', id: 'a', observation: shown });
    for (now of [later - 1, later, later + 5000]) await sightings.observeJob('a');
    expect(await sightings.observeJob('a')).toBe(ended);
    expect(sightings.isRunning({ kind: 'job', id: 'a' })).toBe(false);
    expect(asked).toEqual(['a']);
  });

  it('believes an event that comes during a live read more than what is read', async () => {
    const ended: JobObservation = { ...running, state: 'terminated' };
    const observeJob = () => {
      sightings.note({ kind: 'job', id: 'a', observation: ended });
      return Promise.resolve(running);
    };
    let now = 0;
    const sightings = new Sightings({ observeJob, observeBuild: nothing }, () => now);
    sightings.note({ kind: 'job', id: 'a', observation: waiting });
    now = 10_000;
    await sightings.observeJob('a');
    expect(await sightings.observeJob('a')).toBe(ended);
  });

  it('knows what runs, of builds and jobs apart', () => {
    const sightings = make();
    sightings.note({ kind: 'job', id: 'a', observation: running });
    sightings.note({ kind: 'job', id: 'b', observation: waiting });
    const isRunning = (kind: 'build' | 'job', id: string) => sightings.isRunning({ kind, id });
    expect([isRunning('job', 'a'), isRunning('build', 'a')]).toEqual([true, false]);
    expect([isRunning('job', 'b'), isRunning('job', 'c')]).toEqual([false, false]);
  });

  it('keeps builds and jobs of one name apart', async () => {
    const sightings = make();
    sightings.note({ kind: 'job', id: 'a', observation: running });
    await sightings.observeBuild('a');
    expect(asked).toEqual(['a']);
  });

  it('tells what is there', () => {
    const sightings = make();
    for (const id of ['a', 'b']) sightings.note({ kind: 'job', id, observation: waiting });
    sightings.note({ kind: 'job', id: 'b', observation: running });
    sightings.note({ kind: 'gone', ref: { kind: 'job', id: 'a' } });
    sightings.note({ kind: 'gone', ref: { kind: 'build', id: 'b' } });
    expect(sightings.all()).toEqual([{ kind: 'job', id: 'b' }]);
    sightings.forget();
    expect(sightings.all()).toEqual([]);
  });
});
