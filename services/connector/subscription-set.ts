import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus, Delivery, Verdict } from '../../shared/bus/port.js';
import { isAmunError } from '../../shared/errors/amun-error.js';
import type { Log } from '../../shared/log/create-log.js';
import type { Subscription } from './subscription.js';

export interface SubscriptionSetOptions {
  readonly bus: Pick<Bus, 'consume'>;
  readonly log: Log;
  /** Messages in hand at once, for each subscription. */
  readonly concurrency: number;
  readonly ackWaitMs: number;
  /** Ends all of them. */
  readonly signal: AbortSignal;
  readonly deliver: (subscription: Subscription, delivery: Delivery) => Promise<Verdict>;
}

const PAUSE_MS = 5_000;
const HOPELESS_PAUSE_MS = 3_600_000;

/** The subscriptions that are being worked on; it follows what is wanted. */
export class SubscriptionSet {
  readonly #options: SubscriptionSetOptions;
  readonly #working = new Map<string, { stop: AbortController; done: Promise<void> }>();

  constructor(options: SubscriptionSetOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#working.size;
  }

  /** Begins with what is new and ends what is no longer wanted; the rest goes on undisturbed. */
  follow(wanted: readonly Subscription[]): void {
    const { log } = this.#options;
    const names = new Set(wanted.map(({ consumer }) => consumer));
    for (const [name, { stop }] of this.#working) {
      if (names.has(name) || stop.signal.aborted) continue;
      log.info({ consumer: name }, 'unsubscribed');
      stop.abort();
    }
    for (const subscription of wanted) {
      if (!this.#working.has(subscription.consumer)) this.#begin(subscription);
    }
  }

  /** Resolves when everything in hand at the signal is done. */
  async ended(): Promise<void> {
    await Promise.all([...this.#working.values()].map(({ done }) => done));
  }

  #begin(subscription: Subscription): void {
    const { consumer, subject, functionName } = subscription;
    this.#options.log.info({ function: functionName, subject }, 'subscribed');
    const stop = new AbortController();
    const signal = AbortSignal.any([this.#options.signal, stop.signal]);
    // Forgotten only when it is over: one that is wanted again meanwhile begins at the next look.
    const done = this.#work(subscription, signal).finally(() => this.#working.delete(consumer));
    this.#working.set(consumer, { stop, done });
  }

  async #work(subscription: Subscription, signal: AbortSignal): Promise<void> {
    const { bus, log, concurrency, ackWaitMs, deliver } = this.#options;
    const { consumer, subject } = subscription;
    let told = false;
    while (!signal.aborted) {
      try {
        await bus.consume({ name: consumer, subject, concurrency, ackWaitMs, signal }, (delivery) =>
          deliver(subscription, delivery),
        );
      } catch (error) {
        if (!told) log.error({ err: error, consumer, subject }, 'cannot consume');
        told = true;
        // Somebody else's topic, in an OpenFaaS that has more than us: it will never be ours.
        const pause = isAmunError(error, 'InvalidRequest') ? HOPELESS_PAUSE_MS : PAUSE_MS;
        await sleep(pause, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}
