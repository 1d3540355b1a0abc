import { setTimeout as sleep } from 'node:timers/promises';
import type { JobObservation, RunObservation } from '../inspection/observation.js';
import { isFinal } from '../inspection/phase.js';
import type { RunOutcome } from '../inspection/record.js';
import type { Report } from '../inspection/report.js';
import type { Specification } from '../inspection/specification.js';
import { makeReport } from '../run/make-report.js';
import { parseRunLog, type ParsedRunLog } from '../run/parse-run-log.js';
import { findHello } from '../run/run-log-mark.js';
import { runLogKey, runReportKey } from './artifact-keys.js';
import { mapBounded } from '../concurrency/map-bounded.js';
import type { LifecycleSettings, Ports } from './ports.js';
import { readLog, runLogLimit } from './read-log.js';

/** Runs collected at once; each may hold two whole streams in memory. */
const CONCURRENCY = 4;
/** Of the cluster's words about all runs together: a record must fit into one message of the bus. */
const MAX_MESSAGES_BYTES = 512 * 1024;
const MAX_MESSAGE_LENGTH = 4096;
/** How often, and after how long each time, a log without its end is read again. */
const REREADS = 3;
const REREAD_MS = 500;
/** Where the first line of a log of ours is looked for, bytes. */
const HELLO_WITHIN = 65_536;

/**
 * Stores log and report of every run of a job that has ended, and says how each went. Repeating it
 * stores the same again.
 *
 * @returns undefined where somebody else has collected it meanwhile: theirs stays, since the
 *   cluster may have dropped the logs by now
 */
export async function collectRuns(
  ports: Ports,
  id: string,
  job: JobObservation,
  specification: Specification,
): Promise<RunOutcome[] | undefined> {
  const maxMessage = Math.min(MAX_MESSAGE_LENGTH, MAX_MESSAGES_BYTES / job.runs.length);
  const outcomes = await mapBounded(job.runs, CONCURRENCY, async (run) => {
    const { bytes, report } = await collectReport(ports, id, run, specification);
    // Looked at after the log was read: what was read before the end is whole.
    if (await hasEnded(ports, id)) return undefined;
    const { artifacts } = ports.store;
    await artifacts.put(runLogKey(id, run.item), bytes);
    await artifacts.put(runReportKey(id, run.item), JSON.stringify(report));
    return outcomeOf(run.item, report, maxMessage);
  });
  const collected = outcomes.filter((outcome) => outcome !== undefined);
  return collected.length === outcomes.length ? collected : undefined;
}

/** What a run that has ended left: its raw log and its report. */
export interface CollectedRun {
  readonly bytes: Uint8Array;
  readonly report: Report;
}

/** Reads one run's log from the cluster and makes its report; without a log, of what was seen. */
export async function collectReport(
  { cluster, settings }: Pick<Ports, 'cluster' | 'settings'>,
  id: string,
  run: RunObservation,
  specification: Specification,
): Promise<CollectedRun> {
  const target = { job: id, item: run.item };
  const read = async (): Promise<{ bytes: Uint8Array; log: ParsedRunLog }> => {
    const bytes = (await readLog(cluster, target, runLogLimit(settings))) ?? new Uint8Array();
    return { bytes, log: parseRunLog(bytes, { keepBytes: settings.outputLimitBytes }) };
  };
  let { bytes, log } = await read();
  for (let again = 0; again < REREADS && mayGrow(settings, run, bytes, log); again += 1) {
    await sleep(REREAD_MS);
    ({ bytes, log } = await read());
  }
  const { script } = specification;
  const evidence = { log, observation: run, ...(script === undefined ? {} : { script }) };
  return { bytes, report: makeReport(evidence) };
}

/**
 * A node may tell of a run's end before it has written the last of its log. Whatever ends in order
 * ends its log with a report.
 */
function mayGrow(
  { logFormat }: Pick<LifecycleSettings, 'logFormat'>,
  run: RunObservation,
  bytes: Uint8Array,
  log: ParsedRunLog,
): boolean {
  if (logFormat !== 'lines' || run.exitCode === undefined) return false;
  return (
    log.report === undefined &&
    findHello(Buffer.from(bytes.subarray(0, HELLO_WITHIN))) !== undefined
  );
}

async function hasEnded(ports: Ports, id: string): Promise<boolean> {
  const record = (await ports.store.inspections.get(id))?.value;
  return record === undefined || isFinal(record.phase);
}

function outcomeOf(item: number, report: Report, maxMessage: number): RunOutcome {
  // A report says -1 where nobody knows.
  const { exit_code: exitCode, reason, message } = report;
  return {
    item,
    exitCode: exitCode < 0 ? null : exitCode,
    ...(reason === null ? {} : { reason }),
    ...(message === null ? {} : { message: shorten(message, maxMessage) }),
  };
}

/** At most `maxBytes` as JSON: control characters go, quotes and backslashes may double. */
function shorten(message: string, maxBytes: number): string {
  const bytes = Buffer.from(message.replace(/\p{C}+/gu, ' '));
  const room = Math.floor(maxBytes / 2);
  if (bytes.byteLength <= room) return bytes.toString('utf8');
  // A character that is cut in two is decoded as U+FFFD.
  const cut = bytes.subarray(0, room).toString('utf8');
  return `${cut.replace(/\uFFFD$/, '')}…`;
}
