import { isAmunError } from '../../../errors/amun-error.js';
import type { Log } from '../../../log/create-log.js';
import type { ApiServer } from './api-server.js';
import { apiStatusOf, isExpired } from './api-status.js';
import { backoffMs, pause } from './backoff.js';
import { KnownObjects } from './known-objects.js';
import { listObjects } from './list-objects.js';
import type { ObjectEvent } from './object-event.js';
import type { Selection } from './selection.js';
import { watchObjects, type Position } from './watch-objects.js';

export interface ListAndWatchOptions extends Selection {
  /** Told of what went wrong and is being mended. */
  readonly log?: Pick<Log, 'warn'> | undefined;
  /** For how long a watch may be silent, milliseconds. Default: twice what a server leaves between bookmarks. */
  readonly idleMs?: number;
}

const IDLE_MS = 120_000;
const TIMING = { baseMs: 300, capMs: 15_000 };
/** A watch that held for so long was a good one, whether it had something to tell or not. */
const LIVED_MS = 10_000;
/** Refused so often: perhaps the server has no such version, since its data were restored. */
const MAX_REFUSED = 3;

/**
 * Lists objects, then tells of every change, until the signal; whatever goes wrong on the way is
 * tried again, each time after a longer wait. After an interruption that no watch can bridge all is
 * listed anew: only what changed is told then, `gone` included, and again `listed`. Of an object that
 * vanished during such an interruption `gone` knows no more than namespace, name, uid and version.
 */
export async function* listAndWatch(
  api: ApiServer,
  options: ListAndWatchOptions,
): AsyncGenerator<ObjectEvent> {
  const { path, signal, log, idleMs = IDLE_MS } = options;
  const isOver = () => signal.aborted;
  const known = new KnownObjects();
  let position: Position | undefined;
  let failures = 0;
  while (!isOver()) {
    let isGood = false;
    let watchingSince = Number.POSITIVE_INFINITY;
    try {
      if (position === undefined) {
        position = { version: yield* listObjects(api, options, known) };
        yield { type: 'listed' };
      }
      watchingSince = Date.now();
      for await (const event of watchObjects(api, options, known, position, idleMs)) {
        isGood = true;
        yield event;
      }
    } catch (error) {
      if (isOver()) return;
      log?.warn({ err: error, path, failures }, 'the watch broke off; it is begun again');
      const refused = apiStatusOf(error) === undefined ? 0 : failures + 1;
      if (mustList(error) || refused >= MAX_REFUSED) position = undefined;
    }
    if (Date.now() - watchingSince >= LIVED_MS) isGood = true;
    failures = isGood ? 0 : failures + 1;
    await pause(backoffMs(failures, TIMING), signal);
  }
}

/** True where a watch from the same place would come to the same end. */
function mustList(error: unknown): boolean {
  return isExpired(error) || isAmunError(error, 'TooLarge') || isAmunError(error, 'InvalidEvent');
}
