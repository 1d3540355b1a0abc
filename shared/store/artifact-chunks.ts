import { nuid } from '@nats-io/transport-node';
import type { StreamSettings } from '../jetstream/ensure-stream.js';
import type { JetStream } from '../jetstream/jetstream.js';

/** Several at once keep the server busy; more than that only fill buffers. */
const AT_ONCE = 8;
/** Room for subject and headers in a message of the server's largest size. */
const ENVELOPE_BYTES = 4096;
const PREFERRED_BYTES = 256 * 1024;

/** The parts of large artifacts, found by their sequences: they are written once, never changed. */
export class ArtifactChunks {
  readonly #jetstream: JetStream;
  readonly #stream: StreamSettings;

  constructor(jetstream: JetStream, stream: StreamSettings) {
    this.#jetstream = jetstream;
    this.#stream = stream;
  }

  /** The most that is kept in one message, bytes. */
  get chunkBytes(): number {
    const largest = this.#jetstream.connection.info?.max_payload ?? PREFERRED_BYTES;
    return Math.min(PREFERRED_BYTES, largest - ENVELOPE_BYTES);
  }

  /** Stores the content; resolves to the sequences of its chunks, in order. */
  async write(owner: string, content: Uint8Array): Promise<number[]> {
    const size = this.chunkBytes;
    const count = Math.ceil(content.byteLength / size);
    return severalAtOnce(count, async (index) => {
      const { seq } = await this.#jetstream.publish({
        stream: this.#stream,
        subject: `amun.artifact-chunk.${owner}`,
        body: content.subarray(index * size, (index + 1) * size),
        id: nuid.next(),
      });
      return seq;
    });
  }

  /** The content whole, or undefined where a chunk of it is gone. */
  async read(sequences: readonly number[]): Promise<Buffer | undefined> {
    const chunks = await severalAtOnce(sequences.length, (index) =>
      this.#jetstream.run(this.#stream, 'Reading a chunk', (manager) =>
        manager.direct.getMessage(this.#stream.name, { seq: sequences[index] ?? 0 }),
      ),
    );
    const present = chunks.flatMap((chunk) => (chunk === null ? [] : [chunk.data]));
    return present.length === chunks.length ? Buffer.concat(present) : undefined;
  }

  /** Chunks that are gone already are passed over. */
  async remove(sequences: readonly number[]): Promise<void> {
    const { name } = this.#stream;
    await severalAtOnce(sequences.length, (index) =>
      this.#jetstream.run(this.#stream, 'Removing a chunk', async (manager) => {
        const seq = sequences[index] ?? 0;
        try {
          await manager.streams.deleteMessage(name, seq, false);
        } catch (error) {
          if ((await manager.direct.getMessage(name, { seq })) !== null) throw error;
        }
      }),
    );
  }
}

/** The outcomes for 0 to count - 1, in order, a few under way at a time. */
async function severalAtOnce<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const outcomes: T[] = [];
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      outcomes[index] = await work(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, worker));
  return outcomes;
}
