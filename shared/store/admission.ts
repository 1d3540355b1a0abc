/**
 * Who of a queue is admitted, asked in its order: the first one in any case, since what is larger
 * than the bound would wait for ever, and then all that fit into what is left. Behind one that does
 * not fit nobody is admitted, however small, so that large ones get their turn.
 */
export class Admission {
  private used = 0;
  private closed = false;

  constructor(private readonly bound: number) {}

  /** The most that can still be admitted, as each has a weight of 1 at least; 0: nobody. */
  get room(): number {
    if (this.closed) return 0;
    return this.used === 0 ? Math.max(1, this.bound) : this.bound - this.used;
  }

  /** Admits the next one, or nobody from here on. */
  admits(weight: number): boolean {
    this.closed ||= this.used > 0 && this.used + weight > this.bound;
    if (this.closed) return false;
    this.used += weight;
    this.closed = this.used >= this.bound;
    return true;
  }
}
