import type { Cluster } from '../../shared/cluster/port.js';
import { AmunError, isAmunError } from '../../shared/errors/amun-error.js';
import { answer, type Answer } from '../../shared/http/respond.js';
import { isFinal } from '../../shared/inspection/phase.js';
import { runLogKey } from '../../shared/lifecycle/artifact-keys.js';
import {
  formatOutputCursor,
  parseOutputCursor,
  type OutputCursor,
} from '../../shared/run/output-cursor.js';
import type { RawReport } from '../../shared/run/raw-report.js';
import { OutputReader } from './output-reader.js';
import type { Question } from './question.js';

/**
 * What a run has written since the cursor, stdout and stderr apart; with `until`, another cursor,
 * nothing from there on.
 */
export async function answerOutput(
  { ports, record, query }: Question,
  item: number,
): Promise<Answer> {
  const cursor = readCursor('cursor', query['cursor']) ?? { stdout: 0, stderr: 0 };
  const until = readCursor('until', query['until']);
  const stored = await ports.store.artifacts.get(runLogKey(record.id, item));
  const { reader, atEnd } =
    stored === undefined
      ? await readLiveLog(ports.cluster, { job: record.id, item }, cursor, until)
      : readStoredLog(stored, cursor, until);
  const ended = atEnd && (stored !== undefined || isFinal(record.phase));
  // What may be the beginning of a mark is held back until the run has ended.
  const report = ended ? reader.end() : undefined;
  const { stdout, stderr, next } = reader.read(ended);
  return answer(200, {
    stdout: stdout.text,
    stderr: stderr.text,
    cut: { stdout: isCut(report, 'stdout_cut'), stderr: isCut(report, 'stderr_cut') },
    next_cursor: formatOutputCursor(next),
    complete: stdout.complete && stderr.complete,
    parameters: { inspection_id: record.id, item },
  });
}

interface LogRead {
  readonly reader: OutputReader;
  /** False where it was left before its end. */
  readonly atEnd: boolean;
}

/** It is here as a whole, so it is read as a whole: a place in the live log may not be one in it. */
function readStoredLog(log: Uint8Array, cursor: OutputCursor, until?: OutputCursor): LogRead {
  const { stdout, stderr } = cursor;
  const reader = new OutputReader({ stdout, stderr }, until);
  reader.push(log);
  return { reader, atEnd: true };
}

async function readLiveLog(
  cluster: Cluster,
  target: { readonly job: string; readonly item: number },
  cursor: OutputCursor,
  until?: OutputCursor,
): Promise<LogRead> {
  const reader = new OutputReader(cursor, until);
  try {
    for await (const chunk of cluster.logs(target, { offset: cursor.place?.offset ?? 0 })) {
      reader.push(chunk);
      if (reader.isFull) return { reader, atEnd: false };
    }
  } catch (error) {
    if (!isAmunError(error, 'NotFound')) throw error;
  }
  return { reader, atEnd: true };
}

function isCut(report: RawReport | undefined, field: 'stdout_cut' | 'stderr_cut'): boolean {
  const cut = report?.[field];
  return typeof cut === 'number' && cut > 0;
}

function readCursor(name: string, text: string | undefined): OutputCursor | undefined {
  if (text === undefined) return undefined;
  const found = parseOutputCursor(text);
  if (found !== undefined) return found;
  const shown = JSON.stringify(text.slice(0, 80));
  throw new AmunError('InvalidRequest', `${name} is ${shown}; use an answer's next_cursor.`);
}
