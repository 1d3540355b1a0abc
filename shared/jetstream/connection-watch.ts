import type { NatsConnection } from '@nats-io/transport-node';

/** Says that the connection broke while an answer was awaited: the same call may be made again. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';

  constructor() {
    super('there is no connection to NATS');
  }
}

/** Knows whether the connection is up, so that nobody waits for answers that cannot come. */
export class ConnectionWatch {
  readonly #connection: NatsConnection;
  readonly #onLost = new Set<() => void>();
  readonly #onBack = new Set<() => void>();
  #up = true;

  constructor(connection: NatsConnection) {
    this.#connection = connection;
    void this.#follow();
  }

  /** The operation's outcome; rejects with ConnectionLost as soon as the connection breaks. */
  async orLost<T>(operation: Promise<T>): Promise<T> {
    let lost: () => void = () => undefined;
    const breaking = new Promise<never>((_resolve, reject) => {
      lost = () => reject(new ConnectionLost());
    });
    this.#onLost.add(lost);
    try {
      return await Promise.race([operation, breaking]);
    } finally {
      this.#onLost.delete(lost);
    }
  }

  /** Resolves once the connection is up; rejects with ConnectionLost when the time is over. */
  async whenUp(waitMs: number): Promise<void> {
    if (this.#up) return;
    await new Promise<void>((resolve, reject) => {
      const back = () => {
        clearTimeout(timer);
        this.#onBack.delete(back);
        resolve();
      };
      const giveUp = () => {
        this.#onBack.delete(back);
        reject(new ConnectionLost());
      };
      const timer = setTimeout(giveUp, Math.max(0, waitMs));
      this.#onBack.add(back);
    });
  }

  /** Calls back after each time that the connection came back. Returns what ends that. */
  onReconnect(callback: () => void): () => void {
    this.#onBack.add(callback);
    return () => void this.#onBack.delete(callback);
  }

  async #follow(): Promise<void> {
    for await (const { type } of this.#connection.status()) {
      if (type === 'disconnect') {
        this.#up = false;
        for (const tell of [...this.#onLost]) tell();
      } else if (type === 'reconnect') {
        this.#up = true;
        for (const tell of [...this.#onBack]) tell();
      }
    }
    // The connection is closed for good: whoever waits is to find that out by trying.
    this.#up = true;
    for (const tell of [...this.#onLost, ...this.#onBack]) tell();
  }
}
