import { closeSync, constants, openSync, readSync } from 'node:fs';
import { hasCode } from '../../../shared/cluster/local/atomic-file.js';

const KERNEL_LOG = '/dev/kmsg';
const MAX_RECORD_BYTES = 8192;

/** Whose memory had run out: the cgroup's own limit was reached, or the whole machine was full. */
export type OomKill = 'limit' | 'machine';

/**
 * What the kernel's log says of a kill in the cgroup with this name. Unlike the cgroup's own
 * counters it can still be read when the cgroup is gone. undefined where there was none, or where
 * the log may not be read.
 */
export function findOomKill(cgroupName: string): OomKill | undefined {
  return oomKillIn(readKernelLog(), cgroupName);
}

/** The same, from the log's lines. */
export function oomKillIn(lines: readonly string[], cgroupName: string): OomKill | undefined {
  const line = lines.findLast((text) => text.includes('oom-kill:') && text.includes(cgroupName));
  if (line === undefined) return undefined;
  return line.includes('constraint=CONSTRAINT_MEMCG') ? 'limit' : 'machine';
}

function readKernelLog(): string[] {
  let file: number;
  try {
    file = openSync(KERNEL_LOG, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return [];
  }
  const lines: string[] = [];
  const buffer = Buffer.allocUnsafe(MAX_RECORD_BYTES);
  try {
    for (;;) {
      // Each read gives one record.
      const length = readRecord(file, buffer);
      if (length === 0) return lines;
      if (length > 0) lines.push(buffer.toString('utf8', 0, length));
    }
  } finally {
    closeSync(file);
  }
}

/** The record's length; 0 at the end, -1 where the record was overwritten meanwhile. */
function readRecord(file: number, buffer: Buffer): number {
  try {
    return readSync(file, buffer);
  } catch (error) {
    return hasCode(error, 'EPIPE') ? -1 : 0;
  }
}
