import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { nanos } from '@nats-io/transport-node';

const CONFIRM_TIMEOUT_MS = 2_000;

/** A message that JetStream gave into this process' hand, until it is settled. */
export class HeldMessage {
  readonly #connection: NatsConnection;
  readonly #reply: string;
  /** 1 for the first delivery. */
  readonly attempt: number;
  /** Tells it from every other message, also from those of a stream that was made anew. */
  readonly identity: string;

  constructor(
    connection: NatsConnection,
    readonly message: Msg,
  ) {
    this.#connection = connection;
    this.#reply = message.reply ?? '';
    // $JS.ACK.<stream>.<consumer>.<delivered>.<sequence>.<consumer sequence>.<time>.<pending>,
    // or the same after a domain and an account.
    const tokens = this.#reply.split('.');
    const [delivered, sequence, , time] = tokens.slice(tokens.length === 9 ? 4 : 6);
    this.attempt = Number(delivered);
    this.identity = `${sequence ?? ''}@${time ?? ''}`;
  }

  /** Starts the wait for an acknowledgement anew. */
  working(): void {
    this.#tell('+WPI');
  }

  /** Asks for it again after the delay. */
  retry(delayMs: number): void {
    this.#tell(delayMs > 0 ? `-NAK ${JSON.stringify({ delay: nanos(delayMs) })}` : '-NAK');
  }

  /** Never wants it again. (A reason would be ignored by nats-server 2.9, and the term with it.) */
  drop(): Promise<void> {
    return this.#confirmed('+TERM');
  }

  /** It is done. */
  acknowledge(): Promise<void> {
    return this.#confirmed('+ACK');
  }

  /** Where the server does not confirm it, the message comes again and is known then. */
  async #confirmed(word: string): Promise<void> {
    try {
      await this.#connection.request(this.#reply, word, { timeout: CONFIRM_TIMEOUT_MS });
    } catch {
      // An outage; see above.
    }
  }

  #tell(word: string): void {
    // On a closed connection there is nobody to tell; the message comes again by itself.
    if (!this.#connection.isClosed()) this.#connection.publish(this.#reply, word);
  }
}
