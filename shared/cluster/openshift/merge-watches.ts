import type { WatchEvent } from '../port.js';
import { WakeUp } from '../wake-up.js';

const IDLE_MS = 60_000;

/** An event, and what lets its watch go on. */
interface Offered {
  readonly event: WatchEvent;
  readonly taken: () => void;
}

/**
 * Several watches as one: synced once all of them are, ended by the signal. One that fails ends all.
 * Each watch is one event ahead at most.
 *
 * @param begin begins them, each to end by the signal that it is given
 */
export async function* mergeWatches(
  begin: (signal: AbortSignal) => readonly AsyncIterable<WatchEvent>[],
  signal: AbortSignal,
): AsyncIterable<WatchEvent> {
  const ending = new AbortController();
  const watches = begin(AbortSignal.any([signal, ending.signal]));
  const changes = new WakeUp();
  const offered: Offered[] = [];
  let failure: { readonly error: unknown } | undefined;
  const pump = async (watch: AsyncIterable<WatchEvent>): Promise<void> => {
    for await (const event of watch) {
      if (ending.signal.aborted) return;
      await new Promise<void>((taken) => {
        offered.push({ event, taken });
        changes.ring();
      });
    }
  };
  const pumps = Promise.all(watches.map(pump)).catch((error: unknown) => {
    failure = { error };
    changes.ring();
  });
  try {
    let unsynced = watches.length;
    while (!signal.aborted) {
      await changes.sleep(IDLE_MS, signal);
      for (let next = offered.shift(); next !== undefined; next = offered.shift()) {
        const { event, taken } = next;
        taken();
        const isLastSync = event.kind === 'synced' && --unsynced === 0;
        if (event.kind !== 'synced' || isLastSync) yield event;
      }
      // It is set while this waits.
      const failed = failure as { readonly error: unknown } | undefined;
      if (failed !== undefined) throw failed.error;
    }
  } finally {
    ending.abort();
    for (const { taken } of offered) taken();
    await pumps;
  }
}
