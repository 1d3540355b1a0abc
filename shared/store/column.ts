type Numbers = Float64Array | Uint32Array | Uint8Array;

const FIRST_CAPACITY = 1024;

/** Numbers one behind the other in memory, which a search passes through many times faster than objects. */
export class Column<N extends Numbers> {
  readonly #make: new (capacity: number) => N;
  #values: N;
  #length = 0;

  constructor(make: new (capacity: number) => N) {
    this.#make = make;
    this.#values = new make(FIRST_CAPACITY);
  }

  get length(): number {
    return this.#length;
  }

  /** All of them, and room for more; another array once that is used up. */
  get values(): N {
    return this.#values;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new this.#make(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }
}
