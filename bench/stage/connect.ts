import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats } from '../../shared/bus/connect-nats.js';

/** A connection that `using` puts away. */
export interface Connected {
  readonly nats: NatsConnection;
  close(): Promise<void>;
}

/** Connects this process to a stack's nats-server. */
export async function connectBench(options: {
  readonly url: string;
  readonly token: string;
}): Promise<Connected> {
  const nats = await connectNats({ ...options, name: 'bench' });
  return { nats, close: () => nats.close() };
}
