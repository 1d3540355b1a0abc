/**
 * How a run writes its log. `raw`: as it comes. `lines`: in lines of ours, whatever the script's
 * are, for clusters that keep logs line by line; entrypoint/lines.sh describes them.
 */
export type LogFormat = 'raw' | 'lines';

/**
 * Marks in a run's log. The log is the script's stdout as it is; a mark is
 * `<RS>amun:<nonce>:<kind>:`, RS being the byte 1e and the nonce new in each run. Kinds:
 * `h` hello, the first line, which also tells the format (1 raw, 2 lines) · `e` stderr follows · `o` stdout follows · `r` the report, to the end
 * of the line. A mark with another nonce is ordinary output.
 */
export type MarkKind = 'e' | 'o' | 'r';

const HELLO = /\x1eamun:([0-9a-f]{8,32}):h:([12])\n/;
const ANY_MARK = /\x1eamun:([0-9a-f]{8,32}):[eor]:/;

/** Longer than any mark can be. */
export const MARK_BOUND = 64;

export interface FoundHello {
  readonly nonce: string;
  readonly format: LogFormat;
  /** Where the log proper begins. */
  readonly end: number;
}

/** The line a run's log begins with, after whatever a loader or engine printed before it. */
export function findHello(bytes: Buffer): FoundHello | undefined {
  const found = HELLO.exec(bytes.toString('latin1'));
  if (found?.[1] === undefined) return undefined;
  const format = found[2] === '2' ? 'lines' : 'raw';
  return { nonce: found[1], format, end: found.index + found[0].length };
}

/** The nonce of the first mark: for a log whose beginning was rotated away. */
export function findNonce(bytes: Buffer): string | undefined {
  return ANY_MARK.exec(bytes.toString('latin1'))?.[1];
}

/** What every mark of this run begins with. */
export function markPrefix(nonce: string): Buffer {
  return Buffer.from(`\x1eamun:${nonce}:`, 'latin1');
}

/** How many bytes at the end of `bytes` may be the beginning of a mark. */
export function countPartialMark(bytes: Buffer, prefix: Buffer): number {
  const from = Math.max(0, bytes.length - prefix.length - 1);
  for (let at = bytes.indexOf(0x1e, from); at !== -1; at = bytes.indexOf(0x1e, at + 1)) {
    const rest = bytes.length - at;
    const known = Math.min(rest, prefix.length);
    if (bytes.compare(prefix, 0, known, at, at + known) === 0) return rest;
  }
  return 0;
}
