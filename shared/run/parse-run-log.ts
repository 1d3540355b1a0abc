import { ByteStore } from './byte-store.js';
import { LineDecoder } from './line-decoder.js';
import type { RawReport } from './raw-report.js';
import { ReportLines } from './report-lines.js';
import { RunLogBeginning, type BegunLog } from './run-log-beginning.js';
import {
  countPartialMark,
  findNonce,
  type LogFormat,
  MARK_BOUND,
  markPrefix,
  type MarkKind,
} from './run-log-mark.js';
import type { RunLogPlace, Stream } from './run-log-place.js';

/** What a run's log holds. */
export interface ParsedRunLog {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** Bytes the log had beyond the bound; 0 unless somebody wrote past our entrypoint. */
  readonly stdoutDropped: number;
  readonly stderrDropped: number;
  /** The last valid report; absent where the run ended without one. */
  readonly report?: RawReport;
}

export interface RunLogOptions {
  /** Bytes of each stream to keep. Default 16 MiB. */
  readonly keepBytes?: number;
  /** Called with each piece of output as it comes; the bytes are valid during the call only. */
  readonly onOutput?: (stream: Stream, bytes: Uint8Array) => void;
  /** Where the first piece begins, as `place` gave it; default: at the log's beginning. */
  readonly from?: RunLogPlace;
}

const DEFAULT_KEEP_BYTES = 16 * 1024 * 1024;
/**
 * Reads a run's log in pieces of any size, cut anywhere. Never throws: whatever the log says is
 * either a mark of this run or output. Memory is bounded by the options, not by the log.
 */
export class RunLogParser {
  readonly #onOutput: ((stream: Stream, bytes: Uint8Array) => void) | undefined;
  readonly #stores: Record<Stream, ByteStore>;
  readonly #reports = new ReportLines();
  #stream: Stream = 'stdout';
  #format: LogFormat | undefined;
  readonly #beginning = new RunLogBeginning();
  readonly #lines = new LineDecoder();
  #nonce: string | undefined;
  #prefix: Buffer | undefined;
  #offset = 0;
  #passed: Record<Stream, number> = { stdout: 0, stderr: 0 };
  #held = Buffer.alloc(0);

  constructor(options: RunLogOptions = {}) {
    const keep = options.keepBytes ?? DEFAULT_KEEP_BYTES;
    this.#onOutput = options.onOutput;
    this.#stores = { stdout: new ByteStore(keep), stderr: new ByteStore(keep) };
    const { from } = options;
    if (from === undefined) return;
    this.#setNonce(from.nonce);
    this.#format = from.format;
    this.#stream = from.stream;
    this.#offset = from.offset;
    this.#passed = { stdout: from.stdout, stderr: from.stderr };
  }

  /**
   * Where another parser could go on, behind everything that was pushed; undefined in the middle of
   * something, before the first mark, and once there is a report, which would be lost.
   */
  get place(): RunLogPlace | undefined {
    const clean = this.#held.length === 0 && !this.#reports.isOpen && this.#lines.isClean;
    if (this.#format === undefined || this.#nonce === undefined || !clean) return undefined;
    if (this.#reports.last !== undefined) return undefined;
    const [offset, format, nonce] = [this.#offset, this.#format, this.#nonce];
    return { offset, format, nonce, stream: this.#stream, ...this.#passed };
  }

  push(chunk: Uint8Array): void {
    const given = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#offset += given.length;
    if (this.#format !== undefined) {
      this.#decode(given);
      return;
    }
    const begun = this.#beginning.push(given);
    if (begun !== undefined) this.#begin(begun);
  }

  /** To be called once, after the last piece. */
  end(): ParsedRunLog {
    if (this.#format === undefined) this.#begin(this.#beginning.end());
    if (this.#prefix === undefined) this.#findPrefix(this.#withHeld());
    this.#emit(this.#withHeld());
    this.#reports.close();
    const report = this.#reports.last;
    return {
      stdout: this.#stores.stdout.bytes,
      stderr: this.#stores.stderr.bytes,
      stdoutDropped: this.#stores.stdout.dropped,
      stderrDropped: this.#stores.stderr.dropped,
      ...(report === undefined ? {} : { report }),
    };
  }

  /** What was put aside, and `bytes` after it. */
  #withHeld(bytes: Buffer = Buffer.alloc(0)): Buffer {
    const held = this.#held;
    this.#held = Buffer.alloc(0);
    return held.length === 0 ? bytes : Buffer.concat([held, bytes]);
  }

  #begin({ format, nonce, stream, rest }: BegunLog): void {
    this.#format = format;
    if (nonce !== undefined) this.#setNonce(nonce);
    this.#stream = stream;
    this.#decode(rest);
  }

  #decode(bytes: Buffer): void {
    const decoded = this.#withHeld(this.#format === 'lines' ? this.#lines.decode(bytes) : bytes);
    if (this.#prefix === undefined) this.#findPrefix(decoded);
    else this.#read(decoded, this.#prefix);
  }

  /** Until the nonce is known: the log was rotated, and the next mark tells it. */
  #findPrefix(bytes: Buffer): void {
    const nonce = findNonce(bytes);
    if (nonce !== undefined) {
      this.#read(bytes, this.#setNonce(nonce));
      return;
    }
    const cut = Math.max(0, bytes.length - MARK_BOUND);
    this.#emit(bytes.subarray(0, cut));
    this.#held = Buffer.from(bytes.subarray(cut));
  }

  #read(bytes: Buffer, prefix: Buffer): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#reports.isOpen) {
        at = this.#reports.read(bytes, at);
        continue;
      }
      const found = bytes.indexOf(prefix, at);
      if (found === -1) {
        const partial = countPartialMark(bytes.subarray(at), prefix);
        this.#emit(bytes.subarray(at, bytes.length - partial));
        this.#held = Buffer.from(bytes.subarray(bytes.length - partial));
        return;
      }
      this.#emit(bytes.subarray(at, found));
      const end = found + prefix.length + 2;
      if (end > bytes.length) {
        this.#held = Buffer.from(bytes.subarray(found));
        return;
      }
      const kind = bytes.toString('latin1', end - 2, end);
      if (kind === 'e:' || kind === 'o:' || kind === 'r:') {
        this.#turnTo(kind.charAt(0) as MarkKind);
        at = end;
      } else {
        this.#emit(bytes.subarray(found, found + 1));
        at = found + 1;
      }
    }
  }

  #setNonce(nonce: string): Buffer {
    this.#nonce = nonce;
    this.#prefix = markPrefix(nonce);
    return this.#prefix;
  }

  #turnTo(kind: MarkKind): void {
    if (kind === 'r') this.#reports.open();
    else this.#stream = kind === 'e' ? 'stderr' : 'stdout';
  }

  #emit(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#stores[this.#stream].append(bytes);
    this.#passed[this.#stream] += bytes.length;
    this.#onOutput?.(this.#stream, bytes);
  }
}

/** A whole log at once. */
export function parseRunLog(log: Uint8Array, options: RunLogOptions = {}): ParsedRunLog {
  const parser = new RunLogParser(options);
  parser.push(log);
  return parser.end();
}
