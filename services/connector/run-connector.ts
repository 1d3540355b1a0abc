import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import type { Bus } from '../../shared/bus/port.js';
import type { Log } from '../../shared/log/create-log.js';
import type { Health } from '../../shared/process/serve-health.js';
import type { ConnectorMetrics } from './connector-metrics.js';
import { deliverMessage } from './deliver-message.js';
import { discoverSubscriptions } from './discover-subscriptions.js';
import type { RetryPolicy } from './judge.js';
import { SubscriptionSet } from './subscription-set.js';

export interface ConnectorOptions {
  readonly bus: Bus;
  readonly gatewayUrl: string;
  /** Topics by function, besides those that the gateway tells of. */
  readonly topics: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
  readonly metrics: ConnectorMetrics;
  readonly log: Log;
  readonly health: Health;
  readonly policy: RetryPolicy;
  /** Messages in hand at once, for each subscription. */
  readonly concurrency: number;
  readonly callTimeoutMs: number;
  readonly ackWaitMs: number;
  /** How often the gateway is asked for its functions. */
  readonly pollMs: number;
  readonly signal: AbortSignal;
}

/** While nothing is known yet, the gateway is asked more often. */
const FIRST_POLL_MS = 100;

/** Hands messages to functions until the signal; resolves when what was in hand is done. */
export async function runConnector(options: ConnectorOptions): Promise<void> {
  const { signal, log, health } = options;
  const context = { ...options, heartbeatMs: options.ackWaitMs / 3 };
  const subscriptions = new SubscriptionSet({
    ...options,
    deliver: (subscription, delivery) => deliverMessage(context, subscription, delivery),
  });
  let trouble = '';
  while (!signal.aborted) {
    try {
      subscriptions.follow(
        await discoverSubscriptions(options.gatewayUrl, options.topics, options.dispatcher),
      );
      trouble = '';
      Object.assign(health, { ready: true, detail: `${subscriptions.size} subscriptions` });
    } catch (error) {
      // What was subscribed stays so: a gateway that is away has not lost its functions.
      const sentence = error instanceof Error ? error.message : String(error);
      if (sentence !== trouble) log.warn(sentence);
      trouble = sentence;
      health.detail = sentence;
    }
    const pause = health.ready ? options.pollMs : FIRST_POLL_MS;
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
  await subscriptions.ended();
}
