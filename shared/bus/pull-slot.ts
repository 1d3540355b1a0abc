import {
  createInbox,
  nanos,
  type Msg,
  type NatsConnection,
  type Subscription,
} from '@nats-io/transport-node';
import { HeldMessage } from './held-message.js';

/** How long the server keeps a pull open while there is no message. */
const PULL_EXPIRES_MS = 30_000;
/** A pull that is not even answered by then goes to a consumer that is not there. */
const PULL_LOST_MS = PULL_EXPIRES_MS + 5_000;

/** Why a pull brought no message. */
export type Nothing =
  /** None came in time, or the wait was cut short: pull again. */
  | 'idle'
  /** The consumer or its stream is not there. */
  | 'missing'
  /** The server does not take more pulls at the moment. */
  | 'refused';

type Answer = HeldMessage | Nothing;

/**
 * Pulls one message at a time of a durable consumer, when there is somebody to take it: nothing
 * lies in a buffer here while its acknowledgement wait runs out, or while others would be free.
 */
export class PullSlot {
  readonly #connection: NatsConnection;
  readonly #pullSubject: string;
  readonly #unclaimed: HeldMessage[] = [];
  #inbox: string;
  #subscription: Subscription;
  #answer: ((answer: Answer) => void) | undefined;

  constructor(connection: NatsConnection, stream: string, consumer: string) {
    this.#connection = connection;
    this.#pullSubject = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`;
    this.#inbox = createInbox();
    this.#subscription = this.#listen();
  }

  /** The next message, or why there is none. */
  async next(): Promise<Answer> {
    const unclaimed = this.#unclaimed.shift();
    if (unclaimed !== undefined) return unclaimed;
    const answered = new Promise<Answer>((resolve) => {
      this.#answer = resolve;
    });
    const timer = setTimeout(() => {
      this.#give('missing');
      this.renew();
    }, PULL_LOST_MS);
    try {
      const pull = JSON.stringify({ batch: 1, expires: nanos(PULL_EXPIRES_MS) });
      this.#connection.publish(this.#pullSubject, pull, { reply: this.#inbox });
      return await answered;
    } finally {
      clearTimeout(timer);
      this.#answer = undefined;
    }
  }

  /** Ends the wait of `next`, if there is one; a message that comes nevertheless is kept for it. */
  interrupt(): void {
    this.#give('idle');
  }

  /** Forgets the open pull, as the server has after a restart. */
  renew(): void {
    if (!this.#connection.isClosed() && !this.#connection.isDraining()) {
      this.#subscription.unsubscribe();
      this.#inbox = createInbox();
      this.#subscription = this.#listen();
    }
    this.interrupt();
  }

  /** Pulls no more, and hands back what was on its way. */
  async close(): Promise<void> {
    if (!this.#connection.isClosed()) await this.#subscription.drain().catch(() => undefined);
    for (const message of this.#unclaimed) message.retry(0);
    this.#unclaimed.length = 0;
  }

  #listen(): Subscription {
    const inbox = this.#inbox;
    return this.#connection.subscribe(inbox, {
      callback: (error, message) => {
        if (error !== null) this.#give('refused');
        else if (message.subject === inbox) this.#onStatus(message.headers?.code ?? 0, message);
        else this.#onMessage(new HeldMessage(this.#connection, message));
      },
    });
  }

  #onMessage(message: HeldMessage): void {
    if (!this.#give(message)) this.#unclaimed.push(message);
  }

  #onStatus(code: number, message: Msg): void {
    if (code === 404 || code === 408) this.#give('idle');
    else if (code === 503) this.#give('missing');
    else if (code === 409) {
      const description = message.headers?.description.toLowerCase() ?? '';
      this.#give(description.includes('deleted') ? 'missing' : 'refused');
    } else if (code !== 100) this.#give('refused');
  }

  /** Answers whoever waits, once; false where nobody does. */
  #give(answer: Answer): boolean {
    const waiting = this.#answer;
    this.#answer = undefined;
    waiting?.(answer);
    return waiting !== undefined;
  }
}
