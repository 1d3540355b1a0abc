import type { Cluster, LogTarget } from '../cluster/port.js';
import { isAmunError } from '../errors/amun-error.js';
import type { LifecycleSettings } from './ports.js';

const MEBIBYTE = 1024 * 1024;

/** The most that is kept of a build's log, bytes: nothing else bounds what a build prints. */
export const BUILD_LOG_LIMIT = 64 * MEBIBYTE;

/**
 * The most that is read of a run's log, bytes. The run bounds its two streams itself; twice their
 * size is room for the marks between them. More than that a script can only bring about on purpose.
 */
export function runLogLimit({
  outputLimitBytes,
}: Pick<LifecycleSettings, 'outputLimitBytes'>): number {
  return 4 * outputLimitBytes + 8 * MEBIBYTE;
}

/**
 * The log as the cluster has it now; undefined where it has none. Of one that is larger than
 * `limit` bytes the first and the last half are kept, with a line in between that says so.
 */
export async function readLog(
  cluster: Cluster,
  target: LogTarget,
  limit: number,
): Promise<Uint8Array | undefined> {
  const log = new BoundedLog(limit);
  try {
    for await (const chunk of cluster.logs(target)) log.add(chunk);
  } catch (error) {
    if (isAmunError(error, 'NotFound')) return undefined;
    throw error;
  }
  return log.bytes();
}

/** Keeps the beginning and the end of what is added. */
class BoundedLog {
  private readonly half: number;
  private readonly head: Uint8Array[] = [];
  private headSize = 0;
  private tail: Uint8Array[] = [];
  private tailSize = 0;
  private dropped = 0;

  constructor(limit: number) {
    this.half = Math.floor(limit / 2);
  }

  add(chunk: Uint8Array): void {
    const room = Math.min(chunk.byteLength, this.half - this.headSize);
    if (room > 0) {
      this.head.push(chunk.subarray(0, room));
      this.headSize += room;
    }
    if (room === chunk.byteLength) return;
    this.tail.push(chunk.subarray(room));
    this.tailSize += chunk.byteLength - room;
    // Trimmed rarely, so that each byte is moved at most twice.
    if (this.tailSize > 2 * this.half) this.trim();
  }

  bytes(): Uint8Array {
    if (this.tailSize > this.half) this.trim();
    const gap = this.dropped === 0 ? '' : `\n[amun: ${this.dropped} bytes are left out here]\n`;
    return Buffer.concat([...this.head, Buffer.from(gap), ...this.tail]);
  }

  private trim(): void {
    const all = Buffer.concat(this.tail);
    const kept = Buffer.from(all.subarray(all.byteLength - this.half));
    this.dropped += all.byteLength - kept.byteLength;
    this.tail = [kept];
    this.tailSize = kept.byteLength;
  }
}
