import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connectNats } from '../../shared/bus/connect-nats.js';
import type { Stack } from './start-stack.js';

/** An event as the stream keeps it. */
export interface StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly data: Record<string, unknown>;
}

/** Where a nats-server is, and what it takes. */
export interface NatsAddress {
  readonly url: string;
  readonly token: string;
}

/** That of a stack on this machine. */
function natsOf({ directory }: Stack): NatsAddress {
  const listen = /listen: "([^"]+)"/.exec(readFileSync(join(directory, 'nats.conf'), 'utf8'));
  return {
    url: `nats://${listen?.[1] ?? ''}`,
    token: readFileSync(join(directory, 'secrets/nats-token'), 'utf8').trim(),
  };
}

async function withNats<T>(
  place: Stack | NatsAddress,
  use: (connection: Awaited<ReturnType<typeof connectNats>>) => Promise<T>,
): Promise<T> {
  const address = 'token' in place ? place : natsOf(place);
  const connection = await connectNats({ ...address, name: 'test' });
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

/** Every event of the stack so far, in order. */
export function readEvents(place: Stack | NatsAddress): Promise<StoredEvent[]> {
  return withNats(place, async (connection) => {
    const manager = await jetstreamManager(connection);
    const { state } = await manager.streams.info('AMUN');
    const events: StoredEvent[] = [];
    if (state.messages === 0) return events;
    for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
      const message = await manager.streams.getMessage('AMUN', { seq });
      if (message !== null) {
        try {
          events.push(message.json<StoredEvent>());
        } catch {
          // What a test put there to be no event.
        }
      }
    }
    return events;
  });
}

/** How many inspections the stack's store says have not ended. */
export function countInFlight(place: Stack | NatsAddress): Promise<number> {
  return withNats(place, async (connection) => {
    const manager = await jetstreamManager(connection);
    return (await manager.streams.info('KV_amun-in-flight')).state.messages;
  });
}

/** Puts anything on the stack's bus, past everything that would check it. */
export function publishRaw(stack: Stack, subject: string, body: string): Promise<void> {
  return withNats(stack, async (connection) => {
    connection.publish(subject, body);
    await connection.flush();
  });
}
