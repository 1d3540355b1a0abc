import { setTimeout as sleep } from 'node:timers/promises';
import {
  jetstream,
  jetstreamManager,
  type JetStreamClient,
  type JetStreamManager,
  type PubAck,
} from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { ConnectionWatch } from './connection-watch.js';
import { ensureStream, type StreamSettings } from './ensure-stream.js';
import { isPassing, translateNatsError } from './nats-error.js';

/** A message to be stored. */
export interface Publication {
  readonly stream: StreamSettings;
  readonly subject: string;
  readonly body: Uint8Array | string;
  /** The server drops a second message of the same id, which makes repeating a publication safe. */
  readonly id: string;
  /** Sequence of the newest message of this subject; 0: there must be none. */
  readonly expected?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

const ANSWER_TIMEOUT_MS = 5_000;
const LONGEST_PAUSE_MS = 500;

/** JetStream as bus and store use it: makes streams when they are missing, and outlives outages. */
export class JetStream {
  readonly watch: ConnectionWatch;
  readonly #client: JetStreamClient;
  readonly #manager: Promise<JetStreamManager>;
  readonly #ensured = new Map<string, Promise<void>>();

  /** `retryForMs`: how long an operation is tried again while NATS does not answer. */
  constructor(
    readonly connection: NatsConnection,
    readonly retryForMs: number,
  ) {
    const options = { timeout: ANSWER_TIMEOUT_MS };
    this.watch = new ConnectionWatch(connection);
    this.#client = jetstream(connection, options);
    this.#manager = jetstreamManager(connection, { ...options, checkAPI: false });
    // The server may come back without its files; calls on a stream that it lost go unanswered.
    this.watch.onReconnect(() => this.#ensured.clear());
  }

  /**
   * Runs what may be run again, until it succeeds or the time is over. `doing` begins the error's
   * sentence. Throws AmunErrors only.
   */
  async run<T>(
    stream: StreamSettings,
    doing: string,
    operation: (manager: JetStreamManager, client: JetStreamClient) => Promise<T>,
  ): Promise<T> {
    const deadline = Date.now() + this.retryForMs;
    const manager = await this.#manager;
    for (let tries = 0; ; tries += 1) {
      let ensured: Promise<void> | undefined;
      try {
        await this.watch.whenUp(deadline - Date.now());
        ensured = this.ensure(stream);
        return await this.watch.orLost(ensured.then(() => operation(manager, this.#client)));
      } catch (error) {
        if (!isPassing(error)) throw translateNatsError(error, doing);
        this.#forget(stream, ensured);
        if (Date.now() >= deadline) throw translateNatsError(error, doing);
      }
      await sleep(Math.random() * Math.min(LONGEST_PAUSE_MS, 20 * 2 ** tries));
    }
  }

  /** Stores a message; `duplicate` where its id was known. Throws Conflict, see `expected`. */
  publish(publication: Publication): Promise<PubAck> {
    const { stream, subject, body, id, expected } = publication;
    return this.run(stream, `Storing a message on ${subject}`, (_manager, client) =>
      client.publish(subject, body, {
        msgID: id,
        headers: toHeaders(publication.headers),
        ...(expected === undefined ? {} : { expect: { lastSubjectSequence: expected } }),
      }),
    );
  }

  /** Makes the stream where this has not been done yet; for all who ask at the same time, once. */
  ensure(stream: StreamSettings): Promise<void> {
    const known = this.#ensured.get(stream.name);
    if (known !== undefined) return known;
    const ensured = this.#manager.then((manager) => ensureStream(manager, stream));
    this.#ensured.set(stream.name, ensured);
    ensured.catch(() => this.#forget(stream, ensured));
    return ensured;
  }

  #forget(stream: StreamSettings, ensured: Promise<void> | undefined): void {
    if (this.#ensured.get(stream.name) === ensured) this.#ensured.delete(stream.name);
  }
}

function toHeaders(given: Readonly<Record<string, string>> = {}) {
  const made = headers();
  for (const [name, value] of Object.entries(given)) made.set(name, value);
  return made;
}
