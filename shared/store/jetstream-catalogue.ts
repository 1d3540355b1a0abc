import type { JetStreamManager } from '@nats-io/jetstream';
import type { Msg } from '@nats-io/transport-node';
import { AmunError } from '../errors/amun-error.js';
import { fitsFilter, type InspectionFilter } from '../inspection/inspection-filter.js';
import type { InspectionRecord } from '../inspection/record.js';
import type { JetStream } from '../jetstream/jetstream.js';
import { CatalogueView } from './catalogue-view.js';
import { CatchUp } from './catch-up.js';
import { placeOf } from './place.js';
import type { Catalogue, Documents, FoundPage, PageRequest, Place } from './port.js';
import type { Shape } from './shape.js';
import {
  isMarked,
  openConsumer,
  pullBatch,
  readDelivery,
  removeConsumer,
  type ShortConsumer,
} from './short-consumer.js';
import type { Bucket } from './store-streams.js';

/** Pulled at once; together far less than the server sends a slow client before it gives up. */
const BATCH = 500;
const PATIENCE_MS = 2_000;
/** How often in a row the server may say that there is more and send nothing. */
const EMPTY_ROUNDS = 5;

/**
 * Finds records by what they say. Each process keeps what filters need of every record in memory,
 * from the first search on; before each search it reads what was written since the last one. The
 * records' own stream tells all of it, in order: what is written, what is removed (a marker), what
 * has aged (its oldest message). What is found is read once more, so a page holds what is true now.
 */
export class JetStreamCatalogue implements Catalogue {
  readonly #jetstream: JetStream;
  readonly #bucket: Bucket;
  readonly #records: Documents<InspectionRecord>;
  readonly #shape: Shape;
  readonly #view = new CatalogueView();
  readonly #catchUp = new CatchUp(() => this.#read());
  /** When the stream was made that is being read: another one begins anew. */
  #streamCreated = '';
  /** Everything up to this sequence is in the view. */
  #seen = 0;
  #first = 0;
  /** Counts reads. One that was given up at an outage may go on for a while; it changes nothing. */
  #reading = 0;

  /** `records` are those that the bucket keeps; `shape` must let through such records only. */
  constructor(
    jetstream: JetStream,
    bucket: Bucket,
    records: Documents<InspectionRecord>,
    shape: Shape,
  ) {
    this.#jetstream = jetstream;
    this.#bucket = bucket;
    this.#records = records;
    this.#shape = shape;
  }

  async find(
    filter: InspectionFilter,
    { behind, skip = 0, limit }: PageRequest,
  ): Promise<FoundPage> {
    await this.#catchUp.now();
    const selection = this.#view.select(filter);
    const { total } = selection;
    const found = selection.walk(behind);
    take(found, skip);
    const records: InspectionRecord[] = [];
    let last: Place | undefined;
    while (records.length < limit) {
      const ids = take(found, limit - records.length);
      if (ids.length === 0) return { records, next: undefined, total };
      const read = await Promise.all(ids.map((id) => this.#records.get(id)));
      for (const one of read) {
        if (one === undefined) continue;
        last = placeOf(one.value);
        if (fitsFilter(one.value, filter)) records.push(one.value);
      }
    }
    const isMore = found.next().done !== true;
    return { records, next: isMore ? last : undefined, total };
  }

  #read(): Promise<void> {
    const { stream } = this.#bucket;
    return this.#jetstream.run(stream, 'Reading the records', async (manager) => {
      this.#reading += 1;
      const reading = this.#reading;
      const { created, state } = await manager.streams.info(stream.name);
      this.#insistOn(reading);
      if (created !== this.#streamCreated || state.last_seq < this.#seen) {
        this.#view.clear();
        this.#seen = 0;
        this.#first = 0;
        this.#streamCreated = created;
      }
      await this.#readUpTo(manager, state.last_seq, reading);
      if (state.first_seq > this.#first) this.#view.removeBefore(state.first_seq);
      this.#first = state.first_seq;
    });
  }

  /** Throws where another read has begun since. Whatever was awaited may have taken that long. */
  #insistOn(reading: number): void {
    if (reading === this.#reading) return;
    throw new AmunError('Unavailable', 'Another read of the records has begun.');
  }

  async #readUpTo(manager: JetStreamManager, last: number, reading: number): Promise<void> {
    const { name } = this.#bucket.stream;
    let emptyRounds = 0;
    while (this.#seen < last) {
      const before = this.#seen;
      const consumer = await openConsumer(manager, name, this.#seen + 1);
      try {
        this.#insistOn(reading);
        // What was written last may be gone; then there is nothing up to it.
        if (consumer.pending === 0) this.#seen = last;
        else await this.#pull(consumer, last, reading);
      } finally {
        removeConsumer(manager, name, consumer.name);
      }
      emptyRounds = this.#seen === before ? emptyRounds + 1 : 0;
      if (emptyRounds === EMPTY_ROUNDS) {
        throw new AmunError('Unavailable', `NATS sends nothing of ${name}; try again in a moment.`);
      }
    }
  }

  async #pull({ name: consumer, pending }: ShortConsumer, last: number, reading: number) {
    const { connection } = this.#jetstream;
    const { name } = this.#bucket.stream;
    let delivered = 0;
    let unread = pending;
    while (unread > 0 && this.#seen < last) {
      const wanted = Math.min(unread, BATCH);
      const batch = await pullBatch(connection, name, consumer, wanted, PATIENCE_MS);
      this.#insistOn(reading);
      for (const message of batch.messages) {
        const delivery = readDelivery(message);
        delivered += 1;
        // One is missing: what is behind it is read again, with a consumer of its own.
        if (delivery?.delivered !== delivered) return;
        this.#take(message, delivery.sequence);
        this.#seen = delivery.sequence;
      }
      unread = batch.unread;
    }
  }

  #take(message: Msg, sequence: number): void {
    const id = message.subject.slice(this.#bucket.prefix.length);
    const record = isMarked(message) ? undefined : parseRecord(message, this.#shape);
    // What is damaged nobody can read: it is not found.
    if (record?.id === id) this.#view.put(record, sequence);
    else this.#view.remove(id);
  }
}

function parseRecord(message: Msg, shape: Shape): InspectionRecord | undefined {
  try {
    const value: unknown = message.json();
    return shape(value, '') === undefined ? (value as InspectionRecord) : undefined;
  } catch {
    return undefined;
  }
}

/** The next ones, at most as many as that. */
function take<T>(values: Generator<T>, count: number): T[] {
  const taken: T[] = [];
  while (taken.length < count) {
    const next = values.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}
