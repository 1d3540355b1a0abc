import {
  closeSync,
  copyFileSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  truncateSync,
} from 'node:fs';

/** A log longer than this makes way for a new one; one older one is kept beside it, as `.1`. */
const LIMIT_BYTES = 20 * 1024 * 1024;
const TAIL_BYTES = 32 * 1024;

/** Opens a log for appending, for a child process to write to; the caller closes it. */
export function openLog(file: string, limit = LIMIT_BYTES): number {
  if (sizeOf(file) > limit) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}

/**
 * Empties a log that has grown too long while it is written to: its writers append, so they go on
 * at the beginning. What is written during the copy is lost.
 */
export function shortenLog(file: string, limit = LIMIT_BYTES): void {
  if (sizeOf(file) <= limit) return;
  copyFileSync(file, `${file}.1`);
  truncateSync(file);
}

/** The last lines of a log, for a message about the process that wrote it. */
export function lastLines(file: string, count: number): string[] {
  const size = sizeOf(file);
  if (size === 0) return [];
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const length = readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
    const lines = buffer.toString('utf8', 0, length).split('\n');
    return lines.filter((line) => line.trim() !== '').slice(-count);
  } finally {
    closeSync(descriptor);
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
