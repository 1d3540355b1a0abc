import { AmunError } from '../../../errors/amun-error.js';
import { asObject } from '../../../json/read-json.js';
import type { ApiServer } from './api-server.js';
import { parseStatus, statusError } from './api-status.js';
import type { KnownObjects } from './known-objects.js';
import { parseKubeObject, parseVersion } from './kube-object.js';
import type { ObjectEvent } from './object-event.js';
import { readLines } from './read-lines.js';
import type { Selection } from './selection.js';

/** How far a watch has come; the next one goes on from here. */
export interface Position {
  version: string;
}

/** An object has at most 1.5 MB; what is longer than this is none. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;
/** The server ends a watch after so long, seconds; various, so that not all come back at once. */
const MIN_WATCH_SECONDS = 240;
const MAX_WATCH_SECONDS = 300;

/**
 * One watch, until the server ends it. Moves the position on. Throws where it fails: `isExpired`,
 * TooLarge and InvalidEvent mean that only a list can tell what has happened.
 *
 * @param idleMs for how long it may be silent, milliseconds
 */
export async function* watchObjects(
  api: ApiServer,
  { path, labelSelector, metadataOnly = false, signal }: Selection,
  known: KnownObjects,
  position: Position,
  idleMs: number,
): AsyncGenerator<ObjectEvent> {
  const span = MAX_WATCH_SECONDS - MIN_WATCH_SECONDS;
  const query = {
    watch: true,
    allowWatchBookmarks: true,
    resourceVersion: position.version,
    timeoutSeconds: MIN_WATCH_SECONDS + Math.round(Math.random() * span),
    labelSelector,
  };
  const pieces = api.stream(path, { query, metadataOnly, signal, idleMs });
  for await (const line of readLines(pieces, MAX_LINE_BYTES)) {
    if (signal.aborted) return;
    yield* take(parseLine(line), api.url, known, position);
  }
}

function* take(
  { type, object: raw }: Readonly<Record<string, unknown>>,
  server: string,
  known: KnownObjects,
  position: Position,
): Generator<ObjectEvent> {
  if (type === 'ERROR') throw statusError(parseStatus(undefined, raw), server);
  if (type === 'BOOKMARK') {
    position.version = parseVersion(asObject(raw)['metadata']) ?? position.version;
    return;
  }
  if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED') return;
  const object = parseKubeObject(raw);
  if (object === undefined) return;
  yield* type === 'DELETED' ? known.gone(object) : known.present(object);
  position.version = object.metadata.resourceVersion;
}

function parseLine(line: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(line));
  } catch (error) {
    throw new AmunError('InvalidEvent', 'The watch sent a line that is not JSON.', {
      cause: error,
    });
  }
}
