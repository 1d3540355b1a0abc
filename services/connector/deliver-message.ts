import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import type { Bus, Delivery, Verdict } from '../../shared/bus/port.js';
import { ASYNC_HEADERS } from '../../shared/events/async-call.js';
import { createDeadLetter } from '../../shared/events/create-event.js';
import type { Log } from '../../shared/log/create-log.js';
import { callFunction, type Outcome } from './call-function.js';
import type { ConnectorMetrics } from './connector-metrics.js';
import { judge, type Judgement, type RetryPolicy } from './judge.js';
import { readMessageFacts } from './message-facts.js';
import type { Subscription } from './subscription.js';

/** What delivering takes. */
export interface DeliveryContext {
  readonly bus: Pick<Bus, 'publish'>;
  readonly gatewayUrl: string;
  readonly dispatcher: Dispatcher;
  readonly metrics: ConnectorMetrics;
  readonly log: Log;
  readonly policy: RetryPolicy;
  /** How long a call may take, ms: longer than the gateway lets it, so that its answer comes first. */
  readonly callTimeoutMs: number;
  /** How often a message in hand gives a sign of life. */
  readonly heartbeatMs: number;
  readonly signal: AbortSignal;
}

/** How long to wait for a gateway that is not there, from one look to the next. */
const ABSENCE_DELAYS_MS = [200, 500, 1_000, 2_000, 5_000];
const DEAD_LETTER_DELAY_MS = 5_000;

/** Tries a message once and says what is to become of it. */
export async function deliverMessage(
  context: DeliveryContext,
  subscription: Subscription,
  delivery: Delivery,
): Promise<Verdict> {
  const { metrics } = context;
  const labels = { function: subscription.functionName };
  const heartbeat = setInterval(() => delivery.working(), context.heartbeatMs);
  metrics.inHand.inc(labels);
  try {
    const outcome = await callWhenReachable(context, subscription, delivery);
    const judgement = judge(outcome, delivery.attempt, context.policy, Math.random());
    const facts = { ...labels, subject: delivery.subject, attempt: delivery.attempt };
    if (judgement.kind === 'again') {
      metrics.retried.inc(labels);
      context.log.warn({ ...facts, delayMs: judgement.delayMs }, judgement.reason);
      return { kind: 'retry', delayMs: judgement.delayMs };
    }
    if (judgement.kind === 'dead') {
      await bury(context, subscription, delivery, outcome, judgement);
      metrics.dead.inc(labels);
      context.log.error(facts, `given up: ${judgement.reason}`);
      return { kind: 'drop' };
    }
    metrics.delivered.inc(labels);
    const { time } = readMessageFacts(delivery);
    if (time !== undefined) metrics.age.observe(labels, Math.max(0, (Date.now() - time) / 1000));
    context.log.debug(facts, 'delivered');
    return { kind: 'ack' };
  } catch (error) {
    // The dead letter is not stored: the message must not be lost.
    context.log.error({ err: error, ...labels }, 'a dead letter cannot be stored');
    return { kind: 'retry', delayMs: DEAD_LETTER_DELAY_MS };
  } finally {
    clearInterval(heartbeat);
    metrics.inHand.dec(labels);
  }
}

/** While the gateway is not there, the message waits here: waiting is no try. */
async function callWhenReachable(
  context: DeliveryContext,
  subscription: Subscription,
  delivery: Delivery,
): Promise<Outcome> {
  const { signal } = context;
  for (let looks = 0; ; looks += 1) {
    const outcome = await callFunction(
      {
        ...targetOf(context.gatewayUrl, subscription, delivery),
        body: delivery.body,
        headers: headersOf(subscription, delivery),
        timeoutMs: context.callTimeoutMs,
      },
      context.dispatcher,
    );
    if (outcome.kind !== 'unreachable' || signal.aborted) return outcome;
    if (looks === 0) context.log.warn({ url: context.gatewayUrl }, 'waiting for the gateway');
    const delay = ABSENCE_DELAYS_MS[looks] ?? ABSENCE_DELAYS_MS.at(-1);
    await sleep(delay, undefined, { signal }).catch(() => undefined);
  }
}

function targetOf(
  gatewayUrl: string,
  subscription: Subscription,
  delivery: Delivery,
): { origin: string; path: string } {
  const { origin, pathname } = new URL(gatewayUrl);
  const asked = subscription.kind === 'async' ? (delivery.headers[ASYNC_HEADERS.path] ?? '/') : '/';
  const prefix = pathname.replace(/\/+$/, '');
  const suffix = asked === '/' ? '' : asked;
  return { origin, path: `${prefix}/function/${subscription.functionName}${suffix}` };
}

function headersOf(subscription: Subscription, delivery: Delivery): Record<string, string> {
  const own = {
    'x-topic': delivery.subject,
    'x-connector': 'amun-connector',
    'x-attempt': String(delivery.attempt),
  };
  if (subscription.kind === 'topic') {
    return { ...own, 'content-type': 'application/cloudevents+json' };
  }
  const { callId, contentType } = ASYNC_HEADERS;
  const kept = [callId, contentType].flatMap((name) => {
    const value = delivery.headers[name];
    return value === undefined ? [] : [[name.toLowerCase(), value] as const];
  });
  return { ...own, ...Object.fromEntries(kept) };
}

async function bury(
  context: DeliveryContext,
  subscription: Subscription,
  delivery: Delivery,
  outcome: Outcome,
  { reason }: Judgement & { readonly kind: 'dead' },
): Promise<void> {
  const { id } = readMessageFacts(delivery);
  await context.bus.publish(
    createDeadLetter({
      function: subscription.functionName,
      topic: delivery.subject,
      body: delivery.body,
      attempts: delivery.attempt,
      reason,
      ...(outcome.kind === 'answer' ? { status: outcome.status, answer: outcome.text } : {}),
      ...(id === undefined ? {} : { messageId: id }),
    }),
  );
}
