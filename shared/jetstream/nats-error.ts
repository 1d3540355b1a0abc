import { JetStreamApiCodes, JetStreamApiError, JetStreamError } from '@nats-io/jetstream';
import {
  ClosedConnectionError,
  DrainingConnectionError,
  InvalidArgumentError,
  InvalidSubjectError,
  NoRespondersError,
  PermissionViolationError,
  RequestError,
  TimeoutError,
} from '@nats-io/transport-node';
import { ConnectionLost } from './connection-watch.js';
import { AmunError, isAmunError } from '../errors/amun-error.js';

/** The status of a request that will never be granted as it is. */
const BAD_REQUEST = 400;
/** What the server answers when a stream has reached its bounds. */
const STREAM_FULL = 10077;
/** What it answers when JetStream's own storage or memory does not suffice. */
const NO_ROOM = new Set([10023, 10028, 10047]);

/** True where the stream, or the consumer asked for, is not there (any more). */
export function isMissing(error: unknown): boolean {
  if (hasApiCode(error, JetStreamApiCodes.StreamNotFound)) return true;
  if (hasApiCode(error, JetStreamApiCodes.ConsumerNotFound)) return true;
  // Nobody listens to a subject whose stream is gone, nor to one of a server still starting.
  return isNoResponders(error) || (error instanceof Error && isNoResponders(error.cause));
}

/** True where a write expected another version than the newest. */
function isWrongVersion(error: unknown): boolean {
  return (
    hasApiCode(error, JetStreamApiCodes.StreamWrongLastSequence) ||
    hasApiCode(error, JetStreamApiCodes.StreamWrongLastSequenceUnknown)
  );
}

/** True where the same call may succeed in a moment: an outage, a restart, a stream to be made. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ConnectionLost || isMissing(error)) return true;
  if (error instanceof ClosedConnectionError || error instanceof DrainingConnectionError) {
    return false;
  }
  if (error instanceof JetStreamApiError) {
    return error.status === 503 && error.code !== STREAM_FULL && !NO_ROOM.has(error.code);
  }
  if (error instanceof PermissionViolationError || error instanceof InvalidArgumentError) {
    return false;
  }
  return (
    error instanceof TimeoutError ||
    error instanceof RequestError ||
    error instanceof JetStreamError ||
    (error instanceof Error && error.name === 'ConnectionError')
  );
}

/** NATS' error in Amun's words; `doing` begins the sentence: "Publishing amun.x". */
export function translateNatsError(error: unknown, doing: string): AmunError {
  if (isAmunError(error)) return error;
  if (isWrongVersion(error)) {
    return new AmunError('Conflict', `${doing}: somebody else was faster; read it again.`, {
      cause: error,
    });
  }
  if (error instanceof InvalidArgumentError && error.message.includes('max_payload')) {
    const sentence = `${doing}: it is larger than one NATS message may be; see max_payload.`;
    return new AmunError('TooLarge', sentence, { cause: error });
  }
  if (error instanceof PermissionViolationError) {
    const sentence = `${doing}: NATS does not permit it; give this user the right to.`;
    return new AmunError('Forbidden', sentence, { cause: error });
  }
  if (error instanceof InvalidArgumentError || error instanceof InvalidSubjectError) {
    return new AmunError('InvalidRequest', `${doing}: ${explain(error)}`, { cause: error });
  }
  const refused = error instanceof JetStreamApiError && error.status === BAD_REQUEST;
  const code = refused ? 'Internal' : 'Unavailable';
  return new AmunError(code, `${doing}: ${explain(error)}`, { cause: error });
}

function explain(error: unknown): string {
  if (hasApiCode(error, STREAM_FULL)) {
    return 'the stream is full; it takes more once old messages have aged out or were removed.';
  }
  if (error instanceof JetStreamApiError && NO_ROOM.has(error.code)) {
    return 'JetStream has no room for it; raise max_file_store or free disk space.';
  }
  if (error instanceof ClosedConnectionError || error instanceof DrainingConnectionError) {
    return 'the connection to NATS is closed.';
  }
  if (error instanceof ConnectionLost) return 'there is no connection to NATS.';
  if (error instanceof TimeoutError) return 'NATS did not answer in time.';
  if (isMissing(error)) return 'no JetStream answers; start nats-server with -js.';
  return `NATS says: ${error instanceof Error ? error.message : String(error)}.`;
}

function hasApiCode(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code;
}

function isNoResponders(error: unknown): boolean {
  if (error instanceof NoRespondersError) return true;
  return error instanceof RequestError && error.isNoResponders();
}
