import type { NatsConnection } from '@nats-io/transport-node';
import type { Config } from '../../shared/config/config.js';
import { connectNats } from '../../shared/bus/connect-nats.js';
import { createJetStreamBus } from '../../shared/bus/jetstream-bus.js';
import type { Bus } from '../../shared/bus/port.js';

/** The bus as far as it is there: the gateway serves what needs none while it is not. */
export interface BusLink {
  readonly bus: () => Bus | undefined;
  readonly answers: () => Promise<boolean>;
  /** Rejects where the bus refuses us for good. */
  readonly connected: Promise<void>;
  close(): Promise<void>;
}

/** Somebody waits for an asynchronous call to be accepted; the bus itself would try for longer. */
const RETRY_FOR_MS = 5_000;
const PROBE_TIMEOUT_MS = 1_000;

/** Connects in the background, however long it takes. */
export function connectBus({ nats }: Config): BusLink {
  let connection: NatsConnection | undefined;
  let bus: Bus | undefined;
  const connected = connectNats({ ...nats, name: 'gateway', waitMs: Infinity }).then((made) => {
    connection = made;
    bus = createJetStreamBus(made, { retryForMs: RETRY_FOR_MS, replicas: nats.replicas });
  });
  return {
    bus: () => bus,
    connected,
    answers: async () => {
      if (connection === undefined) return false;
      const timeout = new Promise<false>((resolve) => {
        setTimeout(() => resolve(false), PROBE_TIMEOUT_MS).unref();
      });
      return Promise.race([connection.rtt().then(() => true), timeout]).catch(() => false);
    },
    close: async () => connection?.close(),
  };
}
