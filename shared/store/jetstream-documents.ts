import { nuid } from '@nats-io/transport-node';
import { AmunError, isAmunError } from '../errors/amun-error.js';
import type { JetStream } from '../jetstream/jetstream.js';
import { isMarker, MARKER, readNewest, type NewestMessage } from './newest-message.js';
import type { Documents, Versioned } from './port.js';
import type { Shape } from './shape.js';
import type { Bucket } from './store-streams.js';
import { subjectOfKey } from './subject-of-key.js';

/** JSON documents in a bucket; a document's version is its sequence in the stream. */
export class JetStreamDocuments<T> implements Documents<T> {
  readonly #jetstream: JetStream;
  readonly #bucket: Bucket;
  readonly #shape: Shape;

  /** `shape` must let through values of T only. */
  constructor(jetstream: JetStream, bucket: Bucket, shape: Shape) {
    this.#jetstream = jetstream;
    this.#bucket = bucket;
    this.#shape = shape;
  }

  async get(key: string): Promise<Versioned<T> | undefined> {
    const found = await this.#newest(key);
    if (found === undefined || isMarker(found)) return undefined;
    return { value: this.#parse(key, found.data), version: found.seq };
  }

  async create(key: string, value: T): Promise<Versioned<T>> {
    try {
      return await this.replace(key, value, 0);
    } catch (error) {
      if (!isAmunError(error, 'Conflict')) throw error;
      const found = await this.#newest(key);
      if (found !== undefined && isMarker(found)) return this.replace(key, value, found.seq);
      throw new AmunError('AlreadyExists', `${key} exists already.`, { cause: error });
    }
  }

  async replace(key: string, value: T, version: number): Promise<Versioned<T>> {
    return { value, version: await this.#publish(key, JSON.stringify(value), version) };
  }

  /** Leaves a marker that ages like a document: whoever reads the stream in order learns of it. */
  async remove(key: string): Promise<void> {
    for (;;) {
      const found = await this.#newest(key);
      if (found === undefined || isMarker(found)) return;
      try {
        await this.#publish(key, '', found.seq, MARKER);
        return;
      } catch (error) {
        // Changed at this moment: the newer one is to go.
        if (!isAmunError(error, 'Conflict')) throw error;
      }
    }
  }

  /** @returns the new version */
  async #publish(
    key: string,
    body: string,
    expected: number,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<number> {
    const { stream } = this.#bucket;
    const subject = subjectOfKey(this.#bucket, key);
    const message = { stream, subject, body, id: nuid.next(), expected, headers };
    return (await this.#jetstream.publish(message)).seq;
  }

  #newest(key: string): Promise<NewestMessage | undefined> {
    const subject = subjectOfKey(this.#bucket, key);
    return readNewest(this.#jetstream, this.#bucket, subject, `Reading ${key}`);
  }

  #parse(key: string, data: Uint8Array): T {
    let value: unknown;
    let complaint: string | undefined;
    try {
      value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
      complaint = this.#shape(value, '');
    } catch {
      complaint = 'it must be JSON in UTF-8';
    }
    if (complaint === undefined) return value as T;
    const place = `${key} in ${this.#bucket.stream.name}`;
    throw new AmunError('Internal', `What is stored as ${place} is damaged: ${complaint}.`);
  }
}
