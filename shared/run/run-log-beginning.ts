import { isInLines } from './line-decoder.js';
import { findHello, findNonce, type LogFormat } from './run-log-mark.js';
import type { Stream } from './run-log-place.js';

/** As far as this the log's first mark is looked for. */
const MAX_PREAMBLE_BYTES = 16 * 1024;
/** As far as this a line's beginning is looked for in a log whose own beginning is lost. */
const MAX_LINE_BYTES = 256 * 1024;

/** What a log's beginning says of the rest. */
export interface BegunLog {
  readonly format: LogFormat;
  /** Unknown where the log was rotated: the next mark tells it. */
  readonly nonce?: string;
  /** To which the rest belongs, until a mark says otherwise. */
  readonly stream: Stream;
  /** What was read beyond the beginning; valid during the call only. */
  readonly rest: Buffer;
}

/** Looks for the hello at a run log's beginning; a log without one was rotated, or is none of ours. */
export class RunLogBeginning {
  #held = Buffer.alloc(0);
  #isRotated = false;

  /** Takes the log's next bytes; undefined as long as they do not tell. */
  push(given: Buffer): BegunLog | undefined {
    const bytes = this.#held.length === 0 ? given : Buffer.concat([this.#held, given]);
    if (!this.#isRotated) {
      const hello = findHello(bytes.subarray(0, MAX_PREAMBLE_BYTES));
      if (hello !== undefined) {
        const { format, nonce, end } = hello;
        return { format, nonce, stream: 'stdout', rest: bytes.subarray(end) };
      }
      this.#isRotated = bytes.length >= MAX_PREAMBLE_BYTES;
    }
    const inLines = this.#isRotated ? isInLines(bytes) : undefined;
    if (inLines === undefined && bytes.length < MAX_LINE_BYTES) {
      this.#held = Buffer.from(bytes);
      return undefined;
    }
    return { format: inLines === true ? 'lines' : 'raw', stream: 'stdout', rest: bytes };
  }

  /** A log so short that its bytes did not tell. */
  end(): BegunLog {
    const rest = this.#held;
    const isOurs = this.#isRotated || findNonce(rest) !== undefined;
    return {
      format: isInLines(rest) === true ? 'lines' : 'raw',
      // Where nothing of ours ever ran these are the words of whatever kept it from running.
      stream: isOurs ? 'stdout' : 'stderr',
      rest,
    };
  }
}
