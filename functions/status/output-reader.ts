import type { OutputCursor } from '../../shared/run/output-cursor.js';
import { RunLogParser } from '../../shared/run/parse-run-log.js';
import type { RawReport } from '../../shared/run/raw-report.js';
import type { RunLogPlace, Stream } from '../../shared/run/run-log-place.js';
import { StreamWindow } from './stream-window.js';
import type { TextSlice } from './text-slice.js';

const NEWLINE = 0x0a;

type Slice = TextSlice & { readonly complete: boolean };

/** Reads what one answer carries of a run's output, from a cursor on. */
export class OutputReader {
  readonly #windows: Record<Stream, StreamWindow>;
  readonly #parser: RunLogParser;
  /** Where the next answer's reader can begin, in the log's order. */
  readonly #places: RunLogPlace[];

  constructor({ stdout, stderr, place }: OutputCursor, until?: OutputCursor) {
    this.#windows = {
      stdout: new StreamWindow(stdout, until?.stdout, place?.stdout),
      stderr: new StreamWindow(stderr, until?.stderr, place?.stderr),
    };
    this.#places = place === undefined ? [] : [place];
    this.#parser = new RunLogParser({
      keepBytes: 0,
      onOutput: (stream, bytes) => this.#windows[stream].add(bytes),
      ...(place === undefined ? {} : { from: place }),
    });
  }

  /** To be called with the log's bytes in order, from the cursor's place on. */
  push(bytes: Uint8Array): void {
    // Behind a newline nothing is half read, whatever the log's format.
    const lines = bytes.lastIndexOf(NEWLINE) + 1;
    this.#pushPiece(bytes.subarray(0, lines));
    if (lines < bytes.byteLength) this.#pushPiece(bytes.subarray(lines));
  }

  /** True once an answer of this size would not carry what comes next. */
  get isFull(): boolean {
    return this.#windows.stdout.isFull || this.#windows.stderr.isFull;
  }

  /** The report, after the log's last byte. */
  end(): RawReport | undefined {
    return this.#parser.end().report;
  }

  /** What is in the windows, and the cursor behind it; `ended` where the log will not grow. */
  read(ended: boolean): { stdout: Slice; stderr: Slice; next: OutputCursor } {
    const stdout = this.#windows.stdout.read(ended);
    const stderr = this.#windows.stderr.read(ended);
    const place = this.#places.findLast(
      (known) => known.stdout <= stdout.next && known.stderr <= stderr.next,
    );
    const read = { stdout: stdout.next, stderr: stderr.next };
    return { stdout, stderr, next: place === undefined ? read : { ...read, place } };
  }

  #pushPiece(bytes: Uint8Array): void {
    this.#parser.push(bytes);
    const { place } = this.#parser;
    if (place !== undefined) this.#places.push(place);
  }
}
