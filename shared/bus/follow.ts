import { setTimeout as sleep } from 'node:timers/promises';
import { DeliverPolicy, type ConsumerMessages } from '@nats-io/jetstream';
import { AmunError, isAmunError } from '../errors/amun-error.js';
import type { AmunEvent } from '../events/event.js';
import { parseEvent } from '../events/parse-event.js';
import type { StreamSettings } from '../jetstream/ensure-stream.js';
import type { JetStream } from '../jetstream/jetstream.js';

const PAUSE_MS = 500;

/** Where an onlooker is: the next sequence, and the stream that it counts in. */
interface Place {
  readonly streamMade: string;
  next: number;
}

/**
 * New events as they come, in order and without gaps, through outages too. What is no event is
 * passed over. Ends by the signal; throws Unavailable once the connection is closed.
 */
export async function* followEvents(
  jetstream: JetStream,
  stream: StreamSettings,
  signal: AbortSignal,
): AsyncGenerator<AmunEvent> {
  let place: Place | undefined;
  while (!signal.aborted) {
    if (jetstream.connection.isClosed()) {
      throw new AmunError('Unavailable', 'The connection to NATS is closed; connect again.');
    }
    try {
      place = await findPlace(jetstream, stream, place);
      yield* readOn(jetstream, stream, place, signal);
    } catch (error) {
      if (!isAmunError(error, 'Unavailable')) throw error;
    }
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Behind the newest message at first; later where it was, or at the start of a stream made anew. */
async function findPlace(
  jetstream: JetStream,
  stream: StreamSettings,
  known: Place | undefined,
): Promise<Place> {
  const { created, state } = await jetstream.run(stream, 'Following events', (manager) =>
    manager.streams.info(stream.name),
  );
  if (known === undefined) return { streamMade: created, next: state.last_seq + 1 };
  return known.streamMade === created ? known : { streamMade: created, next: 1 };
}

/** Events from the place on, which moves with them, until the signal or trouble. */
async function* readOn(
  jetstream: JetStream,
  stream: StreamSettings,
  place: Place,
  signal: AbortSignal,
): AsyncGenerator<AmunEvent> {
  const messages = await jetstream.run(stream, 'Following events', async (_manager, client) => {
    const consumer = await client.consumers.get(stream.name, {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: place.next,
    });
    return consumer.consume({ abort_on_missing_resource: true });
  });
  const stop = () => messages.stop();
  signal.addEventListener('abort', stop);
  try {
    if (signal.aborted) return;
    for await (const message of untilTrouble(messages)) {
      place.next = message.seq + 1;
      const event = tryParse(message.data);
      if (event !== undefined) yield event;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    messages.stop();
  }
}

/** The messages; what ends them is dealt with by reading on from the same place. */
async function* untilTrouble(messages: ConsumerMessages): AsyncGenerator<{
  readonly seq: number;
  readonly data: Uint8Array;
}> {
  try {
    yield* messages;
  } catch {
    return;
  }
}

function tryParse(body: Uint8Array): AmunEvent | undefined {
  try {
    return parseEvent(body);
  } catch {
    return undefined;
  }
}
