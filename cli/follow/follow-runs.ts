import type { Client } from '../../client/create-client.js';
import { followEvents, type InspectionEvent } from '../../client/follow-events.js';

/** As many runs as one stream of events tells of. */
const RUNS_A_STREAM = 20;

export interface FollowedParts {
  readonly items: readonly number[];
  readonly buildLog: boolean;
}

/**
 * Follows any number of runs, by as many streams as that takes, until all have come to their end.
 * What is not of a run comes from the first stream only, once; `take` may end everything by returning
 * false.
 */
export async function followRuns(
  client: Client,
  id: string,
  { items, buildLog }: FollowedParts,
  { signal, onTrouble }: { readonly signal: AbortSignal; readonly onTrouble: () => void },
  take: (event: InspectionEvent) => boolean,
): Promise<void> {
  const done = new AbortController();
  const ended = AbortSignal.any([signal, done.signal]);
  const follow = async (first: number): Promise<void> => {
    const wants = {
      items: items.slice(first, first + RUNS_A_STREAM),
      buildLog: buildLog && first === 0,
    };
    for await (const event of followEvents(client, id, wants, ended, onTrouble)) {
      if (event.event === 'phase' && first > 0) continue;
      if (!take(event)) done.abort();
    }
  };
  const streams = Math.max(1, Math.ceil(items.length / RUNS_A_STREAM));
  const begun = Array.from({ length: streams }, (_, index) => follow(index * RUNS_A_STREAM));
  try {
    await Promise.all(begun);
  } catch (error) {
    if (!done.signal.aborted) throw error;
  } finally {
    done.abort();
    await Promise.allSettled(begun);
  }
}
