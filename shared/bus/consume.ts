import { setTimeout as sleep } from 'node:timers/promises';
import { AckPolicy, DeliverPolicy } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { AmunError, isAmunError } from '../errors/amun-error.js';
import type { StreamSettings } from '../jetstream/ensure-stream.js';
import type { JetStream } from '../jetstream/jetstream.js';
import type { HeldMessage } from './held-message.js';
import type { ConsumerOptions, Delivery, Verdict } from './port.js';
import { PullSlot } from './pull-slot.js';
import { SettledMessages } from './settled-messages.js';

export type Handle = (delivery: Delivery) => Promise<Verdict>;

/** How long a message waits after its handler threw. */
const DELAY_AFTER_THROW_MS = 1_000;
const PAUSE_MS = 500;
/** Messages that wait for their retry count too; they must not block those behind them. */
const MAX_UNACKNOWLEDGED = 20_000;

/** Works on a durable consumer's messages, `concurrency` at once, until the signal. */
export class Consumption {
  readonly #jetstream: JetStream;
  readonly #stream: StreamSettings;
  readonly #options: ConsumerOptions;
  readonly #handle: Handle;
  readonly #settled = new SettledMessages();
  readonly #failed = new AbortController();
  /** The caller's signal, or a failure of ours. */
  readonly #stop: AbortSignal;
  #ensured: Promise<void> | undefined;

  constructor(
    jetstream: JetStream,
    stream: StreamSettings,
    options: ConsumerOptions,
    handle: Handle,
  ) {
    this.#jetstream = jetstream;
    this.#stream = stream;
    this.#options = options;
    this.#handle = handle;
    this.#stop = AbortSignal.any([options.signal, this.#failed.signal]);
  }

  /** Resolves when everything in hand at the signal is done. Throws what time does not mend. */
  async run(): Promise<void> {
    const { connection, watch } = this.#jetstream;
    const { concurrency, name } = this.#options;
    const slots = Array.from(
      { length: concurrency },
      () => new PullSlot(connection, this.#stream.name, name),
    );
    const interrupt = () => {
      for (const slot of slots) slot.interrupt();
    };
    const stopRenewing = watch.onReconnect(() => {
      // A server that lost the consumer does not answer pulls at all.
      this.#ensured = undefined;
      for (const slot of slots) slot.renew();
    });
    this.#stop.addEventListener('abort', interrupt);
    try {
      const ends = await Promise.allSettled(slots.map((slot) => this.#work(slot)));
      await connection.flush().catch(() => undefined);
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    } finally {
      this.#stop.removeEventListener('abort', interrupt);
      stopRenewing();
    }
  }

  async #work(slot: PullSlot): Promise<void> {
    try {
      // The signal changes while we wait, which a plain property check would not be believed to.
      const stopped = () => this.#stop.aborted;
      while (!stopped()) {
        const ensured = this.#ensure();
        if (!(await isThere(ensured))) await this.#pause();
        else if (!stopped()) await this.#takeNext(slot, ensured);
      }
    } catch (error) {
      // What stops one slot stops all: nobody is to be left working for a consumer that failed.
      this.#failed.abort();
      throw error;
    } finally {
      await slot.close();
    }
  }

  async #takeNext(slot: PullSlot, ensured: Promise<void>): Promise<void> {
    const answer = await slot.next();
    if (typeof answer === 'object') await this.#deliver(answer);
    else if (answer !== 'idle') {
      if (answer === 'missing' && this.#ensured === ensured) this.#ensured = undefined;
      await this.#pause();
    }
  }

  async #deliver(held: HeldMessage): Promise<void> {
    if (this.#settled.has(held.identity)) {
      // It was done, and the server lost our word for it: not once more.
      await held.acknowledge();
      return;
    }
    const verdict = await this.#judge(held);
    if (verdict.kind === 'retry') {
      held.retry(verdict.delayMs);
      return;
    }
    this.#settled.add(held.identity);
    await (verdict.kind === 'ack' ? held.acknowledge() : held.drop());
  }

  async #judge(held: HeldMessage): Promise<Verdict> {
    const { subject, data, headers } = held.message;
    const own: Record<string, string> = {};
    for (const name of headers?.keys() ?? []) {
      if (!name.startsWith('Nats-')) own[name] = headers?.values(name).join(', ') ?? '';
    }
    try {
      return await this.#handle({
        subject,
        body: data,
        headers: own,
        attempt: held.attempt,
        working: () => held.working(),
      });
    } catch {
      return { kind: 'retry', delayMs: DELAY_AFTER_THROW_MS };
    }
  }

  /** Makes the consumer; for all slots once, and again when it was found missing. */
  #ensure(): Promise<void> {
    const { connection } = this.#jetstream;
    if (connection.isClosed() || connection.isDraining()) {
      throw new AmunError('Unavailable', 'The connection to NATS is closed; start again.');
    }
    this.#ensured ??= this.#makeConsumer().catch((error: unknown) => {
      this.#ensured = undefined;
      throw error;
    });
    return this.#ensured;
  }

  async #makeConsumer(): Promise<void> {
    const { name, subject, ackWaitMs } = this.#options;
    await this.#jetstream.run(this.#stream, `Making the consumer ${name}`, (manager) =>
      manager.consumers.add(this.#stream.name, {
        durable_name: name,
        filter_subject: subject,
        deliver_policy: DeliverPolicy.All,
        ack_policy: AckPolicy.Explicit,
        ack_wait: nanos(ackWaitMs),
        max_deliver: -1,
        max_ack_pending: MAX_UNACKNOWLEDGED,
      }),
    );
  }

  async #pause(): Promise<void> {
    const pause = PAUSE_MS * (0.5 + Math.random());
    await sleep(pause, undefined, { signal: this.#stop }).catch(() => undefined);
  }
}

/** False where NATS does not answer at the moment. Throws everything else. */
async function isThere(ensured: Promise<void>): Promise<boolean> {
  try {
    await ensured;
    return true;
  } catch (error) {
    if (isAmunError(error, 'Unavailable')) return false;
    throw error;
  }
}
