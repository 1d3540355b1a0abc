import { Column } from './column.js';
import { comparePlaces } from './place.js';
import type { Place } from './port.js';

/** What is kept of a record. */
export interface RowFields extends Place {
  /** The one bit of its phase. */
  readonly phase: number;
  /** Hashes of its labels. */
  readonly labels: readonly number[];
  /** Where the stream has it. */
  readonly sequence: number;
}

/** Records as a table of numbers, a row each. Rows are added and marked as gone, and never moved. */
export class CatalogueRows {
  readonly ids: string[] = [];
  readonly #created = new Column(Float64Array);
  readonly #sequences = new Column(Float64Array);
  readonly #phases = new Column(Uint8Array);
  /** Where the labels of a row end, and those of the next one begin. */
  readonly #labelEnds = new Column(Uint32Array);
  readonly #labels = new Column(Uint32Array);

  get length(): number {
    return this.ids.length;
  }

  /** Times of submission by row, ms since the epoch. */
  get created(): Float64Array {
    return this.#created.values;
  }

  get sequences(): Float64Array {
    return this.#sequences.values;
  }

  /** Bits of phases by row; 0: it is gone. */
  get phases(): Uint8Array {
    return this.#phases.values;
  }

  /** @returns its row */
  add({ id, created, phase, labels, sequence }: RowFields): number {
    this.ids.push(id);
    this.#created.push(created);
    this.#sequences.push(sequence);
    this.#phases.push(phase);
    for (const hash of labels) this.#labels.push(hash);
    this.#labelEnds.push(this.#labels.length);
    return this.length - 1;
  }

  hasLabel(row: number, hash: number): boolean {
    const ends = this.#labelEnds.values;
    const labels = this.#labels.values;
    const end = ends[row] ?? 0;
    for (let at = row === 0 ? 0 : (ends[row - 1] ?? 0); at < end; at += 1) {
      if (labels[at] === hash) return true;
    }
    return false;
  }

  /** Negative where the first one is the older. */
  compare(left: number, right: number): number {
    const difference = (this.created[left] ?? 0) - (this.created[right] ?? 0);
    return difference === 0 ? comparePlaces(this.placeOf(left), this.placeOf(right)) : difference;
  }

  placeOf(row: number): Place {
    return { created: this.created[row] ?? 0, id: this.ids[row] ?? '' };
  }

  /** A row as it was added, with what was changed since. */
  fieldsOf(row: number): RowFields {
    const ends = this.#labelEnds.values;
    const begin = row === 0 ? 0 : ends[row - 1];
    return {
      ...this.placeOf(row),
      phase: this.phases[row] ?? 0,
      labels: [...this.#labels.values.subarray(begin, ends[row])],
      sequence: this.sequences[row] ?? 0,
    };
  }
}
