import { AmunError } from '../../../errors/amun-error.js';

/** Ends a call: at a time, or when the caller's own signal says so, whichever comes first. */
export class Deadline {
  private readonly controller = new AbortController();
  private readonly endsAt: number;
  private readonly timer: NodeJS.Timeout;
  private readonly onAbort: () => void;

  /** @param what who is waited for, for the message: "https://10.0.0.1:6443" */
  constructor(
    timeoutMs: number,
    what: string,
    private readonly caller?: AbortSignal,
  ) {
    this.endsAt = Date.now() + timeoutMs;
    this.timer = setTimeout(() => {
      const seconds = timeoutMs / 1000;
      this.end(new AmunError('Unavailable', `${what} did not answer within ${seconds} s.`));
    }, timeoutMs);
    this.onAbort = () => this.end(caller?.reason);
    if (caller?.aborted) this.onAbort();
    else caller?.addEventListener('abort', this.onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Milliseconds. */
  get left(): number {
    return this.endsAt - Date.now();
  }

  /** No more limit of time: what is awaited has begun. The caller's signal still counts. */
  lift(): void {
    clearTimeout(this.timer);
  }

  /** To be called in the end, or timer and listener stay. */
  release(): void {
    clearTimeout(this.timer);
    this.caller?.removeEventListener('abort', this.onAbort);
  }

  /** The promise's result; throws why this ended if it ends first. */
  async race<T>(promise: Promise<T>): Promise<T> {
    let stop: (() => void) | undefined;
    const ended = new Promise<never>((_, reject) => {
      stop = () => reject(this.signal.reason as Error);
      if (this.signal.aborted) stop();
      else this.signal.addEventListener('abort', stop, { once: true });
    });
    try {
      return await Promise.race([promise, ended]);
    } finally {
      if (stop !== undefined) this.signal.removeEventListener('abort', stop);
    }
  }

  private end(reason: unknown): void {
    clearTimeout(this.timer);
    this.controller.abort(reason);
  }
}
