import { Admission } from '../../shared/store/admission.js';
import type { Queue, QueueEntry } from '../../shared/store/port.js';

/** A Queue within one process. */
export class MemoryStoreQueue implements Queue {
  /** Weights; a map keeps the order in which its keys came. */
  readonly #places = new Map<string, number>();
  readonly #begun = new Set<string>();

  enter(id: string, weight: number): Promise<void> {
    if (!this.#places.has(id)) this.#places.set(id, weight);
    return Promise.resolve();
  }

  begin(id: string): Promise<void> {
    this.#begun.add(id);
    return Promise.resolve();
  }

  hasBegun(id: string): Promise<boolean> {
    return Promise.resolve(this.#begun.has(id));
  }

  leave(id: string): Promise<void> {
    this.#places.delete(id);
    this.#begun.delete(id);
    return Promise.resolve();
  }

  admitted(bound: number): Promise<ReadonlySet<string>> {
    return Promise.resolve(this.#admitted(bound));
  }

  due(bound: number): Promise<string[]> {
    return Promise.resolve([...this.#admitted(bound)].filter((id) => !this.#begun.has(id)));
  }

  position(id: string, bound: number): Promise<number | undefined> {
    const place = [...this.#places.keys()].indexOf(id);
    const admitted = this.#admitted(bound).size;
    return Promise.resolve(place < admitted ? undefined : place - admitted + 1);
  }

  list(): Promise<QueueEntry[]> {
    const ids = new Set([...this.#places.keys(), ...this.#begun]);
    return Promise.resolve([...ids].map((id) => ({ id, begun: this.#begun.has(id) })));
  }

  #admitted(bound: number): Set<string> {
    const admission = new Admission(bound);
    const admitted = new Set<string>();
    for (const [id, weight] of this.#places) {
      if (!admission.admits(weight)) break;
      admitted.add(id);
    }
    return admitted;
  }
}
