/**
 * Something that is brought up to date before it is read, by many at once: whoever comes while it is
 * being done may have missed what it reads, and gets the next time; all who wait for that share it.
 */
export class CatchUp {
  readonly #work: () => Promise<void>;
  #current: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Resolves once the work was done that began after this call; rejects where it failed. */
  now(): Promise<void> {
    // It may be about to begin while nothing is being done: it is still the one to wait for.
    if (this.#next !== undefined) return this.#next;
    if (this.#current === undefined) return this.#begin();
    this.#next = this.#current
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#begin();
      });
    return this.#next;
  }

  #begin(): Promise<void> {
    const work = this.#work().finally(() => {
      this.#current = undefined;
    });
    this.#current = work;
    return work;
  }
}
