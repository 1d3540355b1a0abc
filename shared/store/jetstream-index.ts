import { nuid } from '@nats-io/transport-node';
import type { JetStreamManager, StreamState } from '@nats-io/jetstream';
import { isAmunError } from '../errors/amun-error.js';
import type { JetStream } from '../jetstream/jetstream.js';
import { isMarker } from './newest-message.js';
import { pageSequences } from './page-sequences.js';
import type { InspectionIndex, ListPage } from './port.js';
import type { Bucket } from './store-streams.js';
import { subjectOfKey } from './subject-of-key.js';

/** The server leaves out what is 0 or empty, whatever the library's types say. */
type State = Omit<StreamState, 'deleted' | 'num_deleted'> &
  Partial<Pick<StreamState, 'deleted' | 'num_deleted'>>;

/**
 * Each inspection is one message without content, put once: the stream's order is the order of
 * submission, and a page is read by sequence, however many there are.
 */
export class JetStreamIndex implements InspectionIndex {
  readonly #jetstream: JetStream;
  readonly #bucket: Bucket;

  constructor(jetstream: JetStream, bucket: Bucket) {
    this.#jetstream = jetstream;
    this.#bucket = bucket;
  }

  async add(id: string): Promise<void> {
    const { stream } = this.#bucket;
    const subject = subjectOfKey(this.#bucket, id);
    try {
      await this.#jetstream.publish({ stream, subject, body: '', id: nuid.next(), expected: 0 });
    } catch (error) {
      // It has its place already.
      if (!isAmunError(error, 'Conflict')) throw error;
    }
  }

  async list(page: number, limit: number): Promise<ListPage> {
    const { stream, prefix } = this.#bucket;
    return this.#jetstream.run(stream, 'Listing inspections', async (manager) => {
      const state = await this.#state(manager);
      const sequences = pageSequences(
        {
          lastSequence: state.last_seq,
          messages: state.messages,
          deleted: state.deleted ?? [],
        },
        page,
        limit,
      );
      const found = await Promise.all(
        sequences.map((seq) => manager.direct.getMessage(stream.name, { seq })),
      );
      // What aged out since we asked is simply no longer on the page.
      const ids = found.flatMap((message) =>
        message === null || isMarker(message) ? [] : [message.subject.slice(prefix.length)],
      );
      return { ids, total: state.messages };
    });
  }

  async remove(id: string): Promise<void> {
    const { stream } = this.#bucket;
    const filter = subjectOfKey(this.#bucket, id);
    await this.#jetstream.run(stream, `Removing ${id} from the list`, (manager) =>
      manager.streams.purge(stream.name, { filter }),
    );
  }

  /** The list of deleted sequences may be long, and is asked for only where there are any. */
  async #state(manager: JetStreamManager): Promise<State> {
    const { name } = this.#bucket.stream;
    const state: State = (await manager.streams.info(name)).state;
    if ((state.num_deleted ?? 0) === 0) return state;
    return (await manager.streams.info(name, { deleted_details: true })).state;
  }
}
