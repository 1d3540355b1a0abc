import { AmunError } from '../../shared/errors/amun-error.js';
import type { IdempotencyRecord } from '../../shared/inspection/idempotency-record.js';
import { fitsFilter, type InspectionFilter } from '../../shared/inspection/inspection-filter.js';
import type { MatrixRecord } from '../../shared/inspection/matrix-record.js';
import type { BuildRecord, InspectionRecord } from '../../shared/inspection/record.js';
import { comparePlaces, placeOf } from '../../shared/store/place.js';
import type {
  Artifacts,
  Catalogue,
  Documents,
  FoundPage,
  InFlight,
  InFlightEntry,
  InspectionIndex,
  PageRequest,
  Store,
  Versioned,
} from '../../shared/store/port.js';
import { MemoryStoreQueue } from './memory-store-queue.js';

/** A Store that forgets everything with its process; passes the same contract as the real one. */
export function createMemoryStore(): Store {
  const inspections = new MemoryDocuments<InspectionRecord>();
  return {
    inspections,
    catalogue: new MemoryCatalogue(inspections),
    builds: new MemoryDocuments<BuildRecord>(),
    matrices: new MemoryDocuments<MatrixRecord>(),
    index: new MemoryIndex(),
    inFlight: new MemoryInFlight(),
    queues: { builds: new MemoryStoreQueue(), runs: new MemoryStoreQueue() },
    artifacts: new MemoryArtifacts(),
    idempotency: new MemoryDocuments<IdempotencyRecord>(),
  };
}

/** Keeps documents as text, so that nobody shares an object with the store. */
class MemoryDocuments<T> implements Documents<T> {
  readonly #kept = new Map<string, { readonly text: string; readonly version: number }>();
  #lastVersion = 0;

  get(key: string): Promise<Versioned<T> | undefined> {
    const found = this.#kept.get(key);
    if (found === undefined) return Promise.resolve(undefined);
    return Promise.resolve({ value: JSON.parse(found.text) as T, version: found.version });
  }

  create(key: string, value: T): Promise<Versioned<T>> {
    if (this.#kept.has(key)) {
      return Promise.reject(new AmunError('AlreadyExists', `There is a document ${key} already.`));
    }
    return this.#keep(key, value);
  }

  replace(key: string, value: T, version: number): Promise<Versioned<T>> {
    if (this.#kept.get(key)?.version !== version) {
      return Promise.reject(new AmunError('Conflict', `${key} was changed; read it again.`));
    }
    return this.#keep(key, value);
  }

  remove(key: string): Promise<void> {
    this.#kept.delete(key);
    return Promise.resolve();
  }

  values(): T[] {
    return [...this.#kept.values()].map(({ text }) => JSON.parse(text) as T);
  }

  #keep(key: string, value: T): Promise<Versioned<T>> {
    this.#lastVersion += 1;
    const text = JSON.stringify(value);
    this.#kept.set(key, { text, version: this.#lastVersion });
    return Promise.resolve({ value: JSON.parse(text) as T, version: this.#lastVersion });
  }
}

class MemoryIndex implements InspectionIndex {
  readonly #ids = new Set<string>();

  add(id: string): Promise<void> {
    this.#ids.add(id);
    return Promise.resolve();
  }

  remove(id: string): Promise<void> {
    this.#ids.delete(id);
    return Promise.resolve();
  }

  list(page: number, limit: number) {
    const newestFirst = [...this.#ids].reverse();
    const from = (page - 1) * limit;
    return Promise.resolve({
      ids: newestFirst.slice(from, from + limit),
      total: newestFirst.length,
    });
  }
}

class MemoryCatalogue implements Catalogue {
  readonly #records: MemoryDocuments<InspectionRecord>;

  constructor(records: MemoryDocuments<InspectionRecord>) {
    this.#records = records;
  }

  find(filter: InspectionFilter, { behind, skip = 0, limit }: PageRequest): Promise<FoundPage> {
    const places = new Map(this.#records.values().map((record) => [placeOf(record), record]));
    const fitting = [...places]
      .filter(([, record]) => fitsFilter(record, filter))
      .sort(([left], [right]) => comparePlaces(right, left));
    const after = fitting.filter(([place]) => !behind || comparePlaces(place, behind) < 0);
    const page = after.slice(skip, skip + limit);
    return Promise.resolve({
      records: page.map(([, record]) => record),
      next: after.length > skip + limit ? page.at(-1)?.[0] : undefined,
      total: fitting.length,
    });
  }
}

class MemoryInFlight implements InFlight {
  readonly #entries = new Map<string, InFlightEntry>();

  add({ buildId, inspectionId }: InFlightEntry): Promise<void> {
    this.#entries.set(`${buildId}.${inspectionId}`, { buildId, inspectionId });
    return Promise.resolve();
  }

  remove({ buildId, inspectionId }: InFlightEntry): Promise<void> {
    this.#entries.delete(`${buildId}.${inspectionId}`);
    return Promise.resolve();
  }

  count(): Promise<number> {
    return Promise.resolve(this.#entries.size);
  }

  list(buildId?: string): Promise<InFlightEntry[]> {
    const entries = [...this.#entries.values()];
    return Promise.resolve(
      entries.filter((entry) => buildId === undefined || entry.buildId === buildId),
    );
  }
}

class MemoryArtifacts implements Artifacts {
  readonly #kept = new Map<string, Uint8Array>();

  put(key: string, content: Uint8Array | string): Promise<void> {
    this.#kept.set(key, new Uint8Array(Buffer.from(content)));
    return Promise.resolve();
  }

  get(key: string): Promise<Uint8Array | undefined> {
    const found = this.#kept.get(key);
    return Promise.resolve(found === undefined ? undefined : found.slice());
  }

  remove(key: string): Promise<void> {
    this.#kept.delete(key);
    return Promise.resolve();
  }
}
