import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { nuid } from '@nats-io/transport-node';
import { AmunError, isAmunError } from '../errors/amun-error.js';
import type { JetStream } from '../jetstream/jetstream.js';
import type { ArtifactChunks } from './artifact-chunks.js';
import {
  damagedArtifact,
  decodeArtifact,
  encodeArtifact,
  MAX_ARTIFACT_BYTES,
  type ArtifactForm,
  type StoredArtifact,
} from './artifact-form.js';
import { compress, decompress } from './compression.js';
import { isMarker, readNewest } from './newest-message.js';
import type { Artifacts } from './port.js';
import type { Bucket } from './store-streams.js';
import { subjectOfKey } from './subject-of-key.js';

const MAX_TRIES = 20;

/** The newest message under a key. */
interface Newest {
  readonly sequence: number;
  /** What it says; undefined where it says that there is nothing. Throws Internal where damaged. */
  read(): StoredArtifact | undefined;
}

/**
 * An artifact that fits into a message is one; of a larger one the chunks are written first, and
 * then, with compare-and-set, the message that names them: whoever reads finds the old content or
 * the new one, whole. Only who replaced such a message removes the chunks that it named.
 */
export class JetStreamArtifacts implements Artifacts {
  readonly #jetstream: JetStream;
  readonly #bucket: Bucket;
  readonly #chunks: ArtifactChunks;

  constructor(jetstream: JetStream, bucket: Bucket, chunks: ArtifactChunks) {
    this.#jetstream = jetstream;
    this.#bucket = bucket;
    this.#chunks = chunks;
  }

  async put(key: string, content: Uint8Array | string): Promise<void> {
    const subject = subjectOfKey(this.#bucket, key);
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    if (bytes.byteLength > MAX_ARTIFACT_BYTES) {
      const sentence = `${key} has ${bytes.byteLength} bytes; at most ${MAX_ARTIFACT_BYTES} are stored.`;
      throw new AmunError('TooLarge', sentence);
    }
    const digest = createHash('sha256').update(bytes).digest('hex');
    const form = await this.#write(key, await compress(bytes));
    const artifact = { form, size: bytes.byteLength, digest };
    let newest: Newest | undefined;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const known = readSound(newest);
      if (known?.digest === digest && (await this.#read(known.form)) !== undefined) {
        // Put before, by a delivery of the same event: what is there is what we bring.
        await this.#discard(form);
        return;
      }
      if (await this.#publish(subject, artifact, newest?.sequence ?? 0)) {
        await this.#discard(known?.form);
        return;
      }
      newest = await this.#newest(key, subject);
      await sleep(Math.random() * 10 * tries);
    }
    throw new AmunError('Conflict', `${key} is being replaced by others all the time.`);
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const subject = subjectOfKey(this.#bucket, key);
    let before: number | undefined;
    for (;;) {
      const newest = await this.#newest(key, subject);
      const found = newest?.read();
      if (newest === undefined || found === undefined) return undefined;
      const packed = await this.#read(found.form);
      if (packed !== undefined) return unpack(key, packed, found.size);
      // Its chunks are gone because it was replaced while we read; else they are lost.
      if (newest.sequence === before) throw damagedArtifact(key, 'a part of it is gone');
      before = newest.sequence;
    }
  }

  async remove(key: string): Promise<void> {
    const filter = subjectOfKey(this.#bucket, key);
    const newest = await this.#newest(key, filter);
    if (newest === undefined) return;
    const { stream } = this.#bucket;
    await this.#jetstream.run(stream, `Removing ${key}`, (manager) =>
      manager.streams.purge(stream.name, { filter }),
    );
    await this.#discard(readSound(newest)?.form);
  }

  async #write(key: string, packed: Uint8Array): Promise<ArtifactForm> {
    if (packed.byteLength <= this.#chunks.chunkBytes) return { kind: 'whole', packed };
    const [owner = key] = key.split('/');
    return { kind: 'chunked', sequences: await this.#chunks.write(owner, packed) };
  }

  async #read(form: ArtifactForm): Promise<Uint8Array | undefined> {
    return form.kind === 'whole' ? form.packed : this.#chunks.read(form.sequences);
  }

  async #discard(form: ArtifactForm | undefined): Promise<void> {
    if (form?.kind === 'chunked') await this.#chunks.remove(form.sequences);
  }

  /** False where another content is there than the one to be replaced. */
  async #publish(subject: string, artifact: StoredArtifact, expected: number): Promise<boolean> {
    const { stream } = this.#bucket;
    const message = encodeArtifact(artifact);
    try {
      await this.#jetstream.publish({ stream, subject, id: nuid.next(), expected, ...message });
      return true;
    } catch (error) {
      if (isAmunError(error, 'Conflict')) return false;
      throw error;
    }
  }

  async #newest(key: string, subject: string): Promise<Newest | undefined> {
    const found = await readNewest(this.#jetstream, this.#bucket, subject, `Reading ${key}`);
    if (found === undefined) return undefined;
    return {
      sequence: found.seq,
      read: () =>
        isMarker(found)
          ? undefined
          : decodeArtifact(key, (name) => found.header.get(name), found.data),
    };
  }
}

/** What is damaged counts as nothing: it can be replaced and removed like everything else. */
function readSound(newest: Newest | undefined): StoredArtifact | undefined {
  try {
    return newest?.read();
  } catch {
    return undefined;
  }
}

async function unpack(key: string, packed: Uint8Array, size: number): Promise<Uint8Array> {
  try {
    return await decompress(packed, size);
  } catch (error) {
    throw damagedArtifact(key, 'it cannot be unpacked', error);
  }
}
