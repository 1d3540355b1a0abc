import { nuid } from '@nats-io/transport-node';
import { isAmunError } from '../errors/amun-error.js';
import type { JetStream } from '../jetstream/jetstream.js';
import { isMarker, readNewest } from './newest-message.js';
import type { Queue, QueueEntry } from './port.js';
import { countPlaces, readQueueFront, type QueueFront } from './queue-front.js';
import type { Bucket } from './store-streams.js';
import { subjectOfKey } from './subject-of-key.js';

/**
 * Under each id a message is put once, with the weight; its sequence in the stream is its place. That
 * it has begun is noted in another stream, which holds no more than is under way: a note beside the
 * weight would move it to the end.
 */
export class JetStreamQueue implements Queue {
  readonly #jetstream: JetStream;
  readonly #bucket: Bucket;
  readonly #begun: Bucket;

  /** `name` tells the queues apart that share the notes of what has begun. */
  constructor(jetstream: JetStream, bucket: Bucket, begun: Bucket, name: string) {
    this.#jetstream = jetstream;
    this.#bucket = bucket;
    this.#begun = { stream: begun.stream, prefix: `${begun.prefix}${name}.` };
  }

  async enter(id: string, weight: number): Promise<void> {
    let expected = 0;
    for (;;) {
      try {
        await this.#put(this.#bucket, id, String(weight), { expected });
        return;
      } catch (error) {
        if (!isAmunError(error, 'Conflict')) throw error;
        const known = await this.#newest(this.#bucket, id);
        // It has its place already, unless a tool removed that and left a marker.
        if (known !== undefined && !isMarker(known)) return;
        expected = known?.seq ?? 0;
      }
    }
  }

  begin(id: string): Promise<void> {
    return this.#put(this.#begun, id, '');
  }

  async hasBegun(id: string): Promise<boolean> {
    return (await this.#newest(this.#begun, id)) !== undefined;
  }

  async leave(id: string): Promise<void> {
    // The place last: as long as it is there, somebody sees to it.
    await this.#remove(this.#begun, id);
    await this.#remove(this.#bucket, id);
  }

  async admitted(bound: number): Promise<ReadonlySet<string>> {
    const { admitted } = await this.#front(bound);
    return new Set(admitted.map((subject) => this.#idOf(subject)));
  }

  async due(bound: number): Promise<string[]> {
    const [begun, places] = await Promise.all([this.#list(this.#begun), this.#countPlaces()]);
    // Mostly nobody waits, and then this is all that is asked.
    if (places <= begun.length) return [];
    const known = new Set(begun);
    return [...(await this.admitted(bound))].filter((id) => !known.has(id));
  }

  async position(id: string, bound: number): Promise<number | undefined> {
    const place = await this.#newest(this.#bucket, id);
    if (place === undefined || isMarker(place)) return undefined;
    const { admitted, places } = await this.#front(bound);
    if (admitted.some((subject) => this.#idOf(subject) === id)) return undefined;
    const { stream } = this.#bucket;
    const fromThere = await this.#jetstream.run(stream, 'Counting who waits', (manager) =>
      countPlaces(manager, stream.name, place.seq),
    );
    // Some may have come or gone between the two questions.
    return Math.max(1, places - admitted.length - fromThere + 1);
  }

  async list(): Promise<QueueEntry[]> {
    const [places, begun] = await Promise.all([this.#list(this.#bucket), this.#list(this.#begun)]);
    const known = new Set(begun);
    return [...new Set([...places, ...begun])].map((id) => ({ id, begun: known.has(id) }));
  }

  #front(bound: number): Promise<QueueFront> {
    const { stream } = this.#bucket;
    return this.#jetstream.run(stream, 'Reading a queue', (manager) =>
      readQueueFront(this.#jetstream.connection, manager, stream.name, bound),
    );
  }

  #countPlaces(): Promise<number> {
    const { stream } = this.#bucket;
    return this.#jetstream.run(
      stream,
      'Counting a queue',
      async (manager) => (await manager.streams.info(stream.name)).state.messages,
    );
  }

  async #list({ stream, prefix }: Bucket): Promise<string[]> {
    const { state } = await this.#jetstream.run(stream, 'Listing a queue', (manager) =>
      manager.streams.info(stream.name, { subjects_filter: `${prefix}*` }),
    );
    return Object.keys(state.subjects ?? {}).map((subject) => this.#idOf(subject));
  }

  async #put(
    bucket: Bucket,
    id: string,
    body: string,
    guard: { readonly expected?: number } = {},
  ): Promise<void> {
    const { stream } = bucket;
    const subject = subjectOfKey(bucket, id);
    await this.#jetstream.publish({ stream, subject, body, id: nuid.next(), ...guard });
  }

  async #remove(bucket: Bucket, id: string): Promise<void> {
    const { stream } = bucket;
    const filter = subjectOfKey(bucket, id);
    await this.#jetstream.run(stream, `Taking ${id} out of its queue`, (manager) =>
      manager.streams.purge(stream.name, { filter }),
    );
  }

  #newest(bucket: Bucket, id: string) {
    return readNewest(this.#jetstream, bucket, subjectOfKey(bucket, id), `Reading ${id}`);
  }

  #idOf(subject: string): string {
    return subject.slice(subject.lastIndexOf('.') + 1);
  }
}
