/** Collects bytes up to a bound; what comes after it is counted, not kept. */
export class ByteStore {
  readonly #limit: number;
  #buffer = Buffer.allocUnsafe(0);
  #length = 0;
  #dropped = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  append(bytes: Uint8Array): void {
    const kept = Math.min(bytes.length, this.#limit - this.#length);
    this.#dropped += bytes.length - kept;
    if (kept === 0) return;
    if (this.#length + kept > this.#buffer.length) this.#grow(this.#length + kept);
    this.#buffer.set(kept === bytes.length ? bytes : bytes.subarray(0, kept), this.#length);
    this.#length += kept;
  }

  /** What was kept; valid until the next append. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** How many bytes did not fit. */
  get dropped(): number {
    return this.#dropped;
  }

  clear(): void {
    this.#length = 0;
    this.#dropped = 0;
  }

  #grow(needed: number): void {
    const size = Math.min(Math.max(needed, this.#buffer.length * 2, 4096), this.#limit);
    const larger = Buffer.allocUnsafe(size);
    larger.set(this.bytes);
    this.#buffer = larger;
  }
}
