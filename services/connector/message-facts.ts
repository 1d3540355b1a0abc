import type { Delivery } from '../../shared/bus/port.js';
import { ASYNC_HEADERS, asyncMessageId } from '../../shared/events/async-call.js';

/** What can be said of a message without knowing what it is about. */
export interface MessageFacts {
  /** Tells it from others of the same content: a CloudEvent's id, or the one that the gateway gives a call. */
  readonly id?: string;
  /** Milliseconds since 1970: a CloudEvent's time, or when the call was made. */
  readonly time?: number;
}

/** Reads id and time; what is missing or makes no sense is left out. */
export function readMessageFacts({ subject, headers, body }: Delivery): MessageFacts {
  const callId = headers[ASYNC_HEADERS.callId];
  if (callId !== undefined) {
    const started = Number(headers[ASYNC_HEADERS.startTime]) / 1e6;
    const id = asyncMessageId(subject, headers[ASYNC_HEADERS.path] ?? '/', callId);
    return { id, ...(started > 0 ? { time: started } : {}) };
  }
  try {
    const { id, time } = JSON.parse(Buffer.from(body).toString('utf8')) as Record<string, unknown>;
    const made = typeof time === 'string' ? Date.parse(time) : NaN;
    return {
      ...(typeof id === 'string' && id !== '' ? { id } : {}),
      ...(Number.isNaN(made) ? {} : { time: made }),
    };
  } catch {
    return {};
  }
}
