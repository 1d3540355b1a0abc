import type { AmunEvent } from '../events/event.js';

/** One message as a consumer gets it. */
export interface Delivery {
  readonly subject: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Says that work goes on, so that it is not delivered again meanwhile. */
  working(): void;
}

/** What is to become of a delivered message. */
export type Verdict =
  | { readonly kind: 'ack' }
  | { readonly kind: 'retry'; readonly delayMs: number }
  /** Give up; the caller has seen to it that somebody learns of it. */
  | { readonly kind: 'drop' };

export interface ConsumerOptions {
  /** Durable name: consumers of the same name share the work. */
  readonly name: string;
  /** Exact subject. */
  readonly subject: string;
  /** Messages in hand at once. */
  readonly concurrency: number;
  /** How long a message may be in hand without a sign of life before it comes again. */
  readonly ackWaitMs: number;
  readonly signal: AbortSignal;
}

/** The bus: at least once, in stream order, with duplicates of one id dropped. */
export interface Bus {
  /** Resolves once the event is stored; `duplicate` where its id was known already. */
  publish(event: AmunEvent): Promise<{ readonly duplicate: boolean }>;
  /** Stores any other message (async invocations, dead letters). `id` drops duplicates. */
  publishRaw(
    subject: string,
    body: Uint8Array,
    options?: { readonly id?: string; readonly headers?: Readonly<Record<string, string>> },
  ): Promise<void>;
  /** Hands each message to `handle` until the signal; resolves when what was in hand is done. */
  consume(
    options: ConsumerOptions,
    handle: (delivery: Delivery) => Promise<Verdict>,
  ): Promise<void>;
  /** New events as they come, for onlookers: nothing is acknowledged, nothing replayed. */
  follow(signal: AbortSignal): AsyncIterable<AmunEvent>;
}
