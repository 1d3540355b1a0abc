import { identifierOf } from '../inspection/identity.js';
import type { InspectionFilter } from '../inspection/inspection-filter.js';
import { PHASES, type Phase } from '../inspection/phase.js';
import type { InspectionRecord } from '../inspection/record.js';
import { CatalogueRows } from './catalogue-rows.js';
import { hashCondition, hashLabels } from './label-hashes.js';
import { comparePlaces, placeOf } from './place.js';
import type { Place } from './port.js';

/** What fits a filter. */
export interface Selection {
  /** How many. */
  readonly total: number;
  /** Their ids, newest first; those behind a place where one is given. */
  walk(behind?: Place): Generator<string>;
}

type Test = (row: number) => boolean;

const PHASE_BITS = new Map<Phase, number>(PHASES.map((phase, index) => [phase, 1 << index]));
const ANY_PHASE = 0xff;
/** Fewer rows that are gone are not worth making the table anew. */
const FEW_GONE = 1_000;

/**
 * Records in memory, in their order: by the time of submission, and by id where that is the same.
 * Labels are kept as hashes, so whoever finds one looks at the record itself before he believes it.
 */
export class CatalogueView {
  #rows = new CatalogueRows();
  #rowOf = new Map<string, number>();
  /** Rows, oldest first, once it is in order; also those that are gone. */
  #order: number[] = [];
  #isOrdered = true;

  get size(): number {
    return this.#rowOf.size;
  }

  /** Takes a record, or its newest version; `sequence` says where the stream has it. */
  put(record: InspectionRecord, sequence: number): void {
    const place = placeOf(record);
    const phase = bitOf(record.phase);
    const known = this.#rowOf.get(place.id);
    if (known !== undefined && this.#rows.created[known] === place.created) {
      this.#rows.phases[known] = phase;
      this.#rows.sequences[known] = sequence;
      return;
    }
    this.remove(place.id);
    const labels = hashLabels(record.labels);
    // Spreading the place would take a tenth of the time of a first search.
    const { id, created } = place;
    const row = this.#rows.add({ id, created, phase, labels, sequence });
    const last = this.#order.at(-1);
    this.#isOrdered &&= last === undefined || this.#rows.compare(last, row) < 0;
    this.#order.push(row);
    this.#rowOf.set(place.id, row);
  }

  remove(id: string): void {
    const row = this.#rowOf.get(id);
    if (row === undefined) return;
    this.#rows.phases[row] = 0;
    this.#rowOf.delete(id);
  }

  /** Forgets what the stream has no longer: its oldest message has this sequence. */
  removeBefore(sequence: number): void {
    const { sequences } = this.#rows;
    for (const [id, row] of this.#rowOf) if ((sequences[row] ?? 0) < sequence) this.remove(id);
  }

  clear(): void {
    this.#rows = new CatalogueRows();
    this.#rowOf = new Map();
    this.#order = [];
    this.#isOrdered = true;
  }

  /** What fits at the moment, whatever comes and goes while it is walked through. */
  select(filter: InspectionFilter): Selection {
    this.#settle();
    const rows = this.#rows;
    const tests = compile(filter, rows);
    const fitting = this.#order.filter((row) => tests.every((test) => test(row)));
    return {
      total: fitting.length,
      *walk(behind) {
        const from = behind === undefined ? fitting.length : countBefore(fitting, rows, behind);
        for (let index = from - 1; index >= 0; index -= 1) {
          const row = fitting[index] ?? 0;
          if (rows.phases[row] !== 0) yield rows.ids[row] ?? '';
        }
      },
    };
  }

  /** Puts the rows in order, and makes the table anew where most of it is gone. */
  #settle(): void {
    const rows = this.#rows;
    if (!this.#isOrdered) this.#order.sort((left, right) => rows.compare(left, right));
    this.#isOrdered = true;
    const gone = rows.length - this.size;
    if (gone < FEW_GONE || gone < this.size) return;
    const left = this.#order.filter((row) => rows.phases[row] !== 0);
    this.clear();
    for (const row of left) {
      const fields = rows.fieldsOf(row);
      this.#order.push(this.#rows.add(fields));
      this.#rowOf.set(fields.id, this.#rows.length - 1);
    }
  }
}

function bitOf(phase: Phase): number {
  return PHASE_BITS.get(phase) ?? 0;
}

/** How many of these, which are in order, are older than the place. */
function countBefore(order: readonly number[], rows: CatalogueRows, place: Place): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (comparePlaces(rows.placeOf(order[middle] ?? 0), place) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The conditions, the cheapest first; the first one leaves out what is gone. */
function compile(filter: InspectionFilter, rows: CatalogueRows): Test[] {
  const { identifier, labels = [], createdAfter, createdBefore } = filter;
  const { phases, created, ids } = rows;
  const bits = filter.phases && [...filter.phases].reduce((sum, phase) => sum | bitOf(phase), 0);
  const mask = bits ?? ANY_PHASE;
  const tests: Test[] = [(row) => ((phases[row] ?? 0) & mask) !== 0];
  for (const hash of labels.map(hashCondition)) tests.push((row) => rows.hasLabel(row, hash));
  if (createdAfter !== undefined) tests.push((row) => (created[row] ?? 0) > createdAfter);
  if (createdBefore !== undefined) tests.push((row) => (created[row] ?? 0) < createdBefore);
  if (identifier !== undefined) tests.push((row) => identifierOf(ids[row] ?? '') === identifier);
  return tests;
}
