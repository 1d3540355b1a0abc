import { mergeWatches } from '../../../../shared/cluster/openshift/merge-watches.js';
import type { WatchEvent } from '../../../../shared/cluster/port.js';

const SYNCED: WatchEvent = { kind: 'synced' };

function gone(id: string): WatchEvent {
  return { kind: 'gone', ref: { kind: 'job', id } };
}

/** Yields these, then waits for the signal. */
async function* watch(events: readonly WatchEvent[], signal: AbortSignal) {
  for (const event of events) {
    await Promise.resolve();
    yield event;
  }
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
}

describe('watches as one', () => {
  it('are synced once, when all are, and end by the signal', async () => {
    const controller = new AbortController();
    const ended: string[] = [];
    const seen: WatchEvent[] = [];
    const begin = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => ended.push('begun with its signal'));
      return [
        watch([gone('a'), SYNCED, gone('b')], signal),
        watch([gone('c'), gone('d'), gone('e'), SYNCED, gone('f')], signal),
      ];
    };
    for await (const event of mergeWatches(begin, controller.signal)) {
      seen.push(event);
      if (seen.length === 7) controller.abort();
    }
    expect(seen.filter(({ kind }) => kind === 'synced')).toHaveLength(1);
    const before = seen.slice(0, seen.indexOf(SYNCED));
    expect(before).toEqual(expect.arrayContaining(['a', 'c', 'd', 'e'].map(gone)));
    expect(ended).toHaveLength(1);
  });

  it('fail with one of them, and let go of the others', async () => {
    let isEnded = false;
    async function* failing(): AsyncIterable<WatchEvent> {
      yield await Promise.resolve(SYNCED);
      throw new Error('no such server');
    }
    async function* other(signal: AbortSignal): AsyncIterable<WatchEvent> {
      yield* watch([SYNCED], signal);
      isEnded = true;
    }
    const reading = async (): Promise<void> => {
      const merged = mergeWatches((each) => [failing(), other(each)], new AbortController().signal);
      for await (const event of merged) expect(event).toBe(SYNCED);
    };
    await expect(reading()).rejects.toThrow('no such server');
    expect(isEnded).toBe(true);
  });

  it('let go of all where nobody reads on', async () => {
    let left = 2;
    async function* counted(signal: AbortSignal): AsyncIterable<WatchEvent> {
      try {
        yield* watch([gone('a'), gone('b')], signal);
      } finally {
        left -= 1;
      }
    }
    const merged = mergeWatches(
      (each) => [counted(each), counted(each)],
      new AbortController().signal,
    );
    for await (const event of merged) {
      expect(event.kind).toBe('gone');
      break;
    }
    expect(left).toBe(0);
  });
});
