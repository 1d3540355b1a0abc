import { AmunError, isAmunError } from '../errors/amun-error.js';
import type { AmunEvent, Subject } from '../events/event.js';
import { parseEvent } from '../events/parse-event.js';
import type { JsonObject } from '../inspection/specification.js';
import type { Log } from '../log/create-log.js';
import { createHandler } from './create-handler.js';
import type { FunctionHandler } from './function-contract.js';
import { answer } from './respond.js';

/**
 * The edge of a function that takes events of one type. A 4xx tells the connector to give up on
 * the event, a 5xx to come again.
 */
export function createEventHandler(
  log: Log,
  type: Subject,
  handle: (event: AmunEvent) => Promise<JsonObject>,
): FunctionHandler {
  return createHandler(async (request) => {
    const event = parseEvent(request.body);
    if (event.type !== type) {
      throw new AmunError('InvalidEvent', `This function takes ${type}, not ${event.type}.`);
    }
    try {
      return answer(200, await handle(event));
    } catch (error) {
      throw asSeenByConnector(error);
    }
  }, log);
}

/** A conflict passes: as the 409 that it is for people the event would be given up. */
function asSeenByConnector(error: unknown): unknown {
  if (!isAmunError(error, 'Conflict')) return error;
  return new AmunError('Unavailable', error.message, { cause: error });
}
