import type { NatsConnection } from '@nats-io/transport-node';
import { createJetStreamBus, type JetStreamBusOptions } from '../shared/bus/jetstream-bus.js';
import type { Bus } from '../shared/bus/port.js';
import {
  createJetStreamStore,
  type JetStreamStoreOptions,
} from '../shared/store/jetstream-store.js';
import type { Store } from '../shared/store/port.js';

/** A busy machine is no outage: in tests that are not about a lasting one, nobody gives up before. */
const RETRY_FOR_MS = 120_000;

/** The store on JetStream, for tests. */
export function patientStore(
  connection: NatsConnection,
  options: JetStreamStoreOptions = {},
): Store {
  return createJetStreamStore(connection, { retryForMs: RETRY_FOR_MS, ...options });
}

/** The bus on JetStream, for tests. */
export function patientBus(connection: NatsConnection, options: JetStreamBusOptions = {}): Bus {
  return createJetStreamBus(connection, { retryForMs: RETRY_FOR_MS, ...options });
}
