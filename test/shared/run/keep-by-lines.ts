const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** Longer lines are kept in parts. */
const PART_BYTES = 16 * 1024;
/** "2024-05-01T10:00:00.000000000Z stdout F ", and the newline. */
const HEAD_BYTES = 41;

/** What a cluster makes of a log, and how large the file is that it keeps it in. */
export interface KeptLog {
  readonly log: Buffer;
  readonly size: number;
}

/**
 * Does to a log what container runtimes and the kubelet do: lines are kept one by one, long ones in
 * parts, each with a time; a return before a line's end is lost; the last line ends in any case.
 */
export function keepByLines(log: Buffer): KeptLog {
  const parts: Buffer[] = [];
  let size = 0;
  for (let at = 0; at < log.length;) {
    const newline = log.indexOf(NEWLINE, at);
    const end = newline === -1 ? log.length : newline;
    const keptEnd = newline > at && log[newline - 1] === RETURN ? newline - 1 : end;
    parts.push(log.subarray(at, keptEnd), Buffer.from('\n'));
    const count = Math.max(1, Math.ceil((keptEnd - at) / PART_BYTES));
    size += keptEnd - at + count * HEAD_BYTES;
    at = end + 1;
  }
  return { log: Buffer.concat(parts), size };
}
