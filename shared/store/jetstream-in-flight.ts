import { nuid } from '@nats-io/transport-node';
import type { JetStream } from '../jetstream/jetstream.js';
import type { InFlight, InFlightEntry } from './port.js';
import type { Bucket } from './store-streams.js';
import { subjectOfKey } from './subject-of-key.js';

/**
 * Each entry is a key `<build>.<inspection>` without content. The server tells the subjects that a
 * stream holds in one answer, which is several times faster than reading keys one by one.
 */
export class JetStreamInFlight implements InFlight {
  readonly #jetstream: JetStream;
  readonly #bucket: Bucket;

  constructor(jetstream: JetStream, bucket: Bucket) {
    this.#jetstream = jetstream;
    this.#bucket = bucket;
  }

  async add(entry: InFlightEntry): Promise<void> {
    const { stream } = this.#bucket;
    const subject = this.#subjectOf(entry);
    // The id is of this call: a deterministic one would be dropped where it was removed just now.
    await this.#jetstream.publish({ stream, subject, body: '', id: nuid.next() });
  }

  async remove(entry: InFlightEntry): Promise<void> {
    const { stream } = this.#bucket;
    const filter = this.#subjectOf(entry);
    await this.#jetstream.run(
      stream,
      `Removing ${entry.inspectionId} from those in flight`,
      (manager) => manager.streams.purge(stream.name, { filter }),
    );
  }

  async list(buildId?: string): Promise<InFlightEntry[]> {
    const { stream, prefix } = this.#bucket;
    const build =
      buildId === undefined ? '*' : subjectOfKey(this.#bucket, buildId).slice(prefix.length);
    const { state } = await this.#jetstream.run(stream, 'Listing what is in flight', (manager) =>
      manager.streams.info(stream.name, { subjects_filter: `${prefix}${build}.*` }),
    );
    return Object.keys(state.subjects ?? {}).flatMap((subject) => {
      const [ofBuild, inspectionId] = subject.slice(prefix.length).split('.');
      if (ofBuild === undefined || inspectionId === undefined) return [];
      return [{ buildId: ofBuild, inspectionId }];
    });
  }

  async count(): Promise<number> {
    const { stream } = this.#bucket;
    const { state } = await this.#jetstream.run(stream, 'Counting what is in flight', (manager) =>
      manager.streams.info(stream.name),
    );
    return state.messages;
  }

  #subjectOf({ buildId, inspectionId }: InFlightEntry): string {
    return subjectOfKey(this.#bucket, `${buildId}.${inspectionId}`);
  }
}
