const MOST = 10_000;

/**
 * Remembers the latest messages that are done: a server that is killed forgets acknowledgements of
 * its last moments, and delivers again.
 */
export class SettledMessages {
  readonly #identities = new Set<string>();

  add(identity: string): void {
    this.#identities.add(identity);
    if (this.#identities.size <= MOST) return;
    const [oldest] = this.#identities;
    if (oldest !== undefined) this.#identities.delete(oldest);
  }

  has(identity: string): boolean {
    return this.#identities.has(identity);
  }
}
