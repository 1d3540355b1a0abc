import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface ConnectorMetrics {
  readonly delivered: Counter<'function'>;
  readonly retried: Counter<'function'>;
  readonly dead: Counter<'function'>;
  readonly inHand: Gauge<'function'>;
  readonly age: Histogram<'function'>;
}

/** What the connector counts, by function. */
export function createConnectorMetrics(registry: Registry): ConnectorMetrics {
  const shared = { labelNames: ['function'] as const, registers: [registry] };
  return {
    delivered: new Counter({
      ...shared,
      name: 'amun_connector_delivered_total',
      help: 'Messages that their function took.',
    }),
    retried: new Counter({
      ...shared,
      name: 'amun_connector_retried_total',
      help: 'Tries after which a message is to come again.',
    }),
    dead: new Counter({
      ...shared,
      name: 'amun_connector_dead_total',
      help: 'Messages that were given up and went to amun.dead-letter.',
    }),
    inHand: new Gauge({
      ...shared,
      name: 'amun_connector_in_hand',
      help: 'Messages being delivered at this moment.',
    }),
    age: new Histogram({
      ...shared,
      name: 'amun_connector_age_seconds',
      help: "Time from an event's own time to its being taken.",
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 5, 15, 60, 300, 1800],
    }),
  };
}
