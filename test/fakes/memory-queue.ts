/** A message as it was published. */
export interface MemoryMessage {
  readonly subject: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** A message in somebody's hand. */
export interface HeldMessage {
  readonly message: MemoryMessage;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Starts its acknowledgement wait anew. */
  touch(): void;
  settle(): void;
  giveBack(delayMs: number): void;
}

interface Entry {
  readonly message: MemoryMessage;
  attempt: number;
  settled: boolean;
}

/** What a durable consumer still has to hand out, shared by all who consume under its name. */
export class MemoryQueue {
  readonly #subject: string;
  readonly #ready: Entry[] = [];
  readonly #wakers = new Set<() => void>();

  constructor(subject: string) {
    this.#subject = subject;
  }

  /** Queues the message where it is of this queue's subject. */
  offer(message: MemoryMessage): void {
    if (message.subject === this.#subject) this.#push({ message, attempt: 0, settled: false });
  }

  /** The next message; undefined once the signal is aborted. */
  async take(signal: AbortSignal, ackWaitMs: number): Promise<HeldMessage | undefined> {
    for (;;) {
      if (signal.aborted) return undefined;
      const entry = this.#ready.shift();
      if (entry === undefined) await this.#somethingNew(signal);
      else if (!entry.settled) return this.#hold(entry, ackWaitMs);
    }
  }

  #hold(entry: Entry, ackWaitMs: number): HeldMessage {
    entry.attempt += 1;
    const comesAgain = () => {
      if (!entry.settled) this.#push(entry);
    };
    let timer = setTimeout(comesAgain, ackWaitMs);
    return {
      message: entry.message,
      attempt: entry.attempt,
      touch: () => {
        clearTimeout(timer);
        timer = setTimeout(comesAgain, ackWaitMs);
      },
      settle: () => {
        clearTimeout(timer);
        entry.settled = true;
      },
      giveBack: (delayMs) => {
        clearTimeout(timer);
        timer = setTimeout(comesAgain, delayMs);
      },
    };
  }

  #push(entry: Entry): void {
    this.#ready.push(entry);
    for (const wake of [...this.#wakers]) wake();
  }

  #somethingNew(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#wakers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#wakers.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}
