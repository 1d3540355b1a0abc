import { nuid, type NatsConnection } from '@nats-io/transport-node';
import { JetStream } from '../jetstream/jetstream.js';
import { busStreams, streamOf, type BusLimits } from './bus-streams.js';
import { Consumption } from './consume.js';
import { followEvents } from './follow.js';
import type { Bus } from './port.js';

export interface JetStreamBusOptions extends BusLimits {
  /** How long a message is offered again while NATS does not answer. Default 30 s. */
  readonly retryForMs?: number;
}

const DEFAULT_RETRY_FOR_MS = 30_000;

/**
 * The bus on NATS JetStream. Its streams are made at the first use. Throws Unavailable where NATS
 * does not answer in time or a stream is full, TooLarge where a message is.
 */
export function createJetStreamBus(
  connection: NatsConnection,
  options: JetStreamBusOptions = {},
): Bus {
  const jetstream = new JetStream(connection, options.retryForMs ?? DEFAULT_RETRY_FOR_MS);
  const streams = busStreams(options);

  return {
    async publish(event) {
      const { duplicate } = await jetstream.publish({
        stream: streamOf(streams, event.type),
        subject: event.type,
        body: JSON.stringify(event),
        id: event.id,
      });
      return { duplicate };
    },

    async publishRaw(subject, body, { id = nuid.next(), headers = {} } = {}) {
      await jetstream.publish({ stream: streamOf(streams, subject), subject, body, id, headers });
    },

    async consume(consumerOptions, handle) {
      const stream = streamOf(streams, consumerOptions.subject);
      await new Consumption(jetstream, stream, consumerOptions, handle).run();
    },

    follow: (signal) => followEvents(jetstream, streams.events, signal),
  };
}
