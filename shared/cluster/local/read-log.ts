import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { LogOptions } from '../port.js';
import { orUndefined } from './atomic-file.js';
import { FolderWatch } from './folder-watch.js';
import { K8sFileDecoder } from './k8s-file-decoder.js';
import { WakeUp } from '../wake-up.js';

/** Where a log is at the moment: a build or run that is tried again begins a new one. */
export interface LogPlace {
  /** undefined while there is none. */
  readonly file?: string | undefined;
  readonly format: 'raw' | 'k8s-file';
  /** True once nothing will be added. */
  readonly isEnded: boolean;
}

const PIECE_BYTES = 256 * 1024;
/** For systems that cannot watch folders. */
const FALLBACK_MS = 1000;

/**
 * Yields a log's bytes from an offset on. `locate` is asked before each look at the file, so what
 * it says has ended is read to its end. `folder` is where a change of the place shows.
 */
export async function* readLog(
  folder: string,
  locate: () => Promise<LogPlace>,
  { offset = 0, follow = false, signal }: LogOptions,
): AsyncGenerator<Uint8Array> {
  const wakeUp = new WakeUp();
  const watch = new FolderWatch(() => wakeUp.ring());
  const reader = new LogReader(offset);
  try {
    if (follow) watch.add(folder);
    while (signal?.aborted !== true) {
      const place = await locate();
      if (place.file !== undefined && follow) watch.add(path.dirname(place.file));
      yield* reader.read(place);
      if (!follow || place.isEnded) return;
      await wakeUp.sleep(FALLBACK_MS, signal);
    }
  } finally {
    watch.close();
    await reader.close();
  }
}

/** Reads on where it stopped; a new file is begun at its beginning. */
class LogReader {
  private file: string | undefined;
  private handle: FileHandle | undefined;
  private position = 0;
  private decoder: K8sFileDecoder | undefined;
  private readonly buffer = Buffer.allocUnsafe(PIECE_BYTES);

  constructor(private toSkip: number) {}

  async *read(place: LogPlace): AsyncGenerator<Uint8Array> {
    const handle = await this.open(place);
    if (handle === undefined) return;
    for (;;) {
      const { bytesRead } = await handle.read(this.buffer, 0, PIECE_BYTES, this.position);
      if (bytesRead === 0) return;
      this.position += bytesRead;
      const piece = this.buffer.subarray(0, bytesRead);
      const bytes = this.skip(this.decoder?.decode(piece) ?? Buffer.from(piece));
      if (bytes.length > 0) yield bytes;
    }
  }

  async close(): Promise<void> {
    await this.handle?.close();
    this.handle = undefined;
  }

  private async open({ file, format }: LogPlace): Promise<FileHandle | undefined> {
    if (file === undefined) return undefined;
    if (file === this.file && this.handle !== undefined) return this.handle;
    await this.close();
    this.handle = await orUndefined(open(file, 'r'));
    this.file = file;
    this.position = 0;
    this.decoder = format === 'k8s-file' ? new K8sFileDecoder() : undefined;
    return this.handle;
  }

  private skip(bytes: Buffer): Buffer {
    const skipped = Math.min(this.toSkip, bytes.length);
    this.toSkip -= skipped;
    return bytes.subarray(skipped);
  }
}
