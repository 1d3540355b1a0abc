import { open, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** One line of a function's log. */
export interface LogLine {
  readonly timestamp: string;
  readonly text: string;
}

export interface ReadLogOptions {
  /** The last so many lines of what there is; undefined: all. */
  readonly tail?: number | undefined;
  readonly since?: Date | undefined;
  /** Go on with new lines until the signal. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

/** How far back a log is read. */
const MAX_HISTORY_BYTES = 8 * 1024 * 1024;
const MAX_LINE_BYTES = 64 * 1024;
const CHUNK_BYTES = 256 * 1024;
const POLL_MS = 200;
const NEWLINE = 0x0a;

/** The lines of a log file, oldest first. A file that is not there yet is an empty one. */
export async function* readLog(file: string, options: ReadLogOptions): AsyncGenerator<LogLine> {
  const reader = new LineReader(file);
  await reader.skipTo(-MAX_HISTORY_BYTES);
  const history: LogLine[] = [];
  for await (const line of reader.readNew()) {
    if (isWanted(line, options.since)) history.push(line);
    if (options.tail !== undefined && history.length > options.tail) history.shift();
  }
  yield* history;
  while (options.follow && !options.signal.aborted) {
    for await (const line of reader.readNew()) {
      if (isWanted(line, options.since)) yield line;
    }
    await sleep(POLL_MS, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

function isWanted(line: LogLine, since: Date | undefined): boolean {
  return since === undefined || Date.parse(line.timestamp) >= since.getTime();
}

/** Reads a file on from where it stopped last time; begins anew where the file became shorter. */
class LineReader {
  readonly #file: string;
  #position = 0;
  #rest: Buffer = Buffer.alloc(0);
  #lastTime = new Date().toISOString();

  constructor(file: string) {
    this.#file = file;
  }

  /** Goes to the first whole line of the last `-offset` bytes. */
  async skipTo(offset: number): Promise<void> {
    await this.#withFile(async (handle) => {
      const { size } = await handle.stat();
      if (size + offset <= 0) return;
      this.#position = size + offset;
      const chunk = await this.#readChunk(handle);
      this.#rest = chunk.subarray(chunk.indexOf(NEWLINE) + 1);
    });
  }

  async *readNew(): AsyncGenerator<LogLine> {
    for (;;) {
      const lines = await this.#withFile(async (handle) => {
        const { size } = await handle.stat();
        if (size < this.#position) {
          this.#position = 0;
          this.#rest = Buffer.alloc(0);
        }
        const chunk = await this.#readChunk(handle);
        return chunk.length === 0 ? undefined : this.#takeLines(chunk);
      });
      if (lines === undefined) return;
      yield* lines;
    }
  }

  async #withFile<T>(use: (handle: FileHandle) => Promise<T>): Promise<T | undefined> {
    let handle: FileHandle;
    try {
      handle = await open(this.#file, 'r');
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      return await use(handle);
    } finally {
      await handle.close();
    }
  }

  async #readChunk(handle: FileHandle): Promise<Buffer> {
    const buffer = Buffer.alloc(CHUNK_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, this.#position);
    this.#position += bytesRead;
    return buffer.subarray(0, bytesRead);
  }

  #takeLines(chunk: Buffer): LogLine[] {
    let rest = Buffer.concat([this.#rest, chunk]);
    const lines: LogLine[] = [];
    for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE)) {
      if (end > 0) lines.push(this.#parse(rest.subarray(0, end)));
      rest = rest.subarray(end + 1);
    }
    // Whoever writes no newline at all must not fill the memory.
    if (rest.length > CHUNK_BYTES) {
      lines.push(this.#parse(rest));
      rest = Buffer.alloc(0);
    }
    this.#rest = rest;
    return lines;
  }

  /** A line that is not JSON (a crash) belongs to the time of the one before it. */
  #parse(bytes: Buffer): LogLine {
    const text = bytes.subarray(0, MAX_LINE_BYTES).toString('utf8');
    this.#lastTime = readTime(text) ?? this.#lastTime;
    return { timestamp: this.#lastTime, text };
  }
}

/** The time of a pino line, ISO 8601. */
function readTime(text: string): string | undefined {
  const time = /"time":(\d{10,14})[,}]/.exec(text)?.[1];
  return time === undefined ? undefined : new Date(Number(time)).toISOString();
}
