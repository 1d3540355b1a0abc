import type { LogFormat } from './run-log-mark.js';

export type Stream = 'stdout' | 'stderr';

/** A place in a run's log from which it can be read on without what comes before. */
export interface RunLogPlace {
  /** Bytes from the log's beginning. */
  readonly offset: number;
  readonly format: LogFormat;
  /** Of the run's marks. */
  readonly nonce: string;
  /** To which the bytes at this place belong. */
  readonly stream: Stream;
  /** Bytes of each stream before it. */
  readonly stdout: number;
  readonly stderr: number;
}
