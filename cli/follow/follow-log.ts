import { ApiError } from '../../client/api-error.js';
import type { Client } from '../../client/create-client.js';
import type { OutputSink } from './output-sink.js';

/** A log that is read piece by piece. */
export interface LogFollower {
  /**
   * Writes what came since the last pull; true where something came.
   *
   * @param ended the inspection has ended: a log that is not there now never will be
   */
  pull(ended: boolean): Promise<boolean>;
  /** True once nothing more will come. */
  readonly complete: boolean;
}

/** The build's log, to stderr: stdout is the script's alone. */
export function followBuildLog(client: Client, id: string, sink: OutputSink): LogFollower {
  let offset = 0;
  return createFollower(async () => {
    const part = await client.buildLog(id, offset);
    offset = part.next_offset;
    sink.write('stderr', part.log);
    return { news: part.log !== '', complete: part.complete };
  });
}

/** Both streams of one run. A label goes in front of each line of a batch. */
export function followRun(
  client: Client,
  id: string,
  item: number,
  sink: OutputSink,
  label?: string,
): LogFollower {
  let cursor: string | undefined;
  return createFollower(async () => {
    const part = await client.output(id, item, cursor);
    cursor = part.next_cursor;
    sink.write('stdout', part.stdout, label);
    sink.write('stderr', part.stderr, label);
    if (part.complete) {
      for (const stream of ['stdout', 'stderr'] as const) {
        if (part.cut[stream]) {
          sink.write('stderr', `(${stream} of run ${item} was longer than what is kept)\n`);
        }
      }
    }
    return { news: part.stdout !== '' || part.stderr !== '', complete: part.complete };
  });
}

function createFollower(
  read: () => Promise<{ readonly news: boolean; readonly complete: boolean }>,
): LogFollower {
  let complete = false;
  return {
    get complete() {
      return complete;
    },
    async pull(ended) {
      if (complete) return false;
      try {
        const part = await read();
        complete = part.complete;
        return part.news;
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 404) throw error;
        complete = ended;
        return false;
      }
    },
  };
}
