import type { RunLogPlace } from './run-log-place.js';

/** How far a follower of a run's output has read. Others keep it as text, and need not read it. */
export interface OutputCursor {
  /** Bytes of each stream. */
  readonly stdout: number;
  readonly stderr: number;
  /** Where the log can be read on, at or before both; without one it is read from its beginning. */
  readonly place?: RunLogPlace;
}

/** "120-7", or with a place "120-7.200-100-7-or-0a1b2c3d". */
const CURSOR =
  /^(\d{1,12})-(\d{1,12})(?:\.(\d{1,12})-(\d{1,12})-(\d{1,12})-([oe])([rl])-([0-9a-f]{8,32}))?$/;

/** The cursor as text of `[0-9a-z.-]`, at most 120 characters. */
export function formatOutputCursor({ stdout, stderr, place }: OutputCursor): string {
  const read = `${stdout}-${stderr}`;
  if (place === undefined) return read;
  const kind = `${place.stream === 'stderr' ? 'e' : 'o'}${place.format === 'lines' ? 'l' : 'r'}`;
  return `${read}.${place.offset}-${place.stdout}-${place.stderr}-${kind}-${place.nonce}`;
}

/** Reads a cursor; undefined where the text is none. */
export function parseOutputCursor(text: string): OutputCursor | undefined {
  const found = CURSOR.exec(text);
  if (found === null) return undefined;
  const [stdout, stderr] = [Number(found[1]), Number(found[2])];
  const nonce = found[8];
  if (nonce === undefined) return { stdout, stderr };
  const place: RunLogPlace = {
    offset: Number(found[3]),
    stdout: Number(found[4]),
    stderr: Number(found[5]),
    stream: found[6] === 'e' ? 'stderr' : 'stdout',
    format: found[7] === 'l' ? 'lines' : 'raw',
    nonce,
  };
  // Nobody was ever given a place behind what was read.
  return place.stdout > stdout || place.stderr > stderr ? undefined : { stdout, stderr, place };
}
