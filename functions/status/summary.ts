import { isAmunError } from '../../shared/errors/amun-error.js';
import { answer, type Answer } from '../../shared/http/respond.js';
import { isFinal } from '../../shared/inspection/phase.js';
import type { InspectionRecord } from '../../shared/inspection/record.js';
import type { Report } from '../../shared/inspection/report.js';
import type { JsonObject } from '../../shared/inspection/specification.js';
import {
  RunsSummarizer,
  type RunResult,
  type RunsSummary,
} from '../../shared/inspection/summarize-runs.js';
import { summaryKey } from '../../shared/lifecycle/artifact-keys.js';
import type { Ports } from '../../shared/lifecycle/ports.js';
import type { Question } from './question.js';
import { ReportReader } from './report-reader.js';

/** Reports in memory at once: each may carry two whole streams. */
const CONCURRENCY = 4;

/** The batch in figures: runs by outcome, statistics of their numbers and of what they used. */
export async function answerSummary({ ports, record }: Question): Promise<Answer> {
  const summary = (await readSummary(ports, record)) ?? (await summarize(ports, record));
  return answer(200, {
    inspection_id: record.id,
    ...(summary as unknown as JsonObject),
    parameters: { inspection_id: record.id },
  });
}

/** The summary that is kept of an inspection that has ended; undefined where none was made yet. */
export async function readSummary(
  { store }: Pick<Ports, 'store'>,
  record: InspectionRecord,
): Promise<RunsSummary | undefined> {
  if (!isFinal(record.phase)) return undefined;
  const kept = await store.artifacts.get(summaryKey(record.id));
  if (kept === undefined) return undefined;
  const { version, ...summary } = JSON.parse(Buffer.from(kept).toString('utf8')) as KeptSummary;
  return version === SUMMARY_VERSION ? summary : undefined;
}

/** Reads the reports of all runs that have ended, a few at a time; keeps what comes of a whole batch. */
export async function summarize(ports: Ports, record: InspectionRecord): Promise<RunsSummary> {
  const summarizer = new RunsSummarizer(record.batchSize);
  const reader = new ReportReader({ ports, record, query: {} });
  const count = record.hasScript ? record.batchSize : 0;
  for (let from = 0; from < count; from += CONCURRENCY) {
    const items = Array.from({ length: Math.min(CONCURRENCY, count - from) }, (_, n) => from + n);
    const reports = await Promise.all(items.map((item) => reader.read(item)));
    for (const [index, text] of reports.entries()) {
      const report = text === undefined ? undefined : (JSON.parse(text) as Report);
      summarizer.add(resultOf(record, from + index, report), report);
    }
  }
  const summary = summarizer.summary();
  if (isFinal(record.phase)) await keep(ports, record, summary);
  return summary;
}

/** What is kept: a later version may count differently, and then makes its own. */
interface KeptSummary extends RunsSummary {
  readonly version: number;
}

const SUMMARY_VERSION = 1;

async function keep(ports: Ports, record: InspectionRecord, summary: RunsSummary): Promise<void> {
  const key = summaryKey(record.id);
  const kept: KeptSummary = { version: SUMMARY_VERSION, ...summary };
  try {
    await ports.store.artifacts.put(key, JSON.stringify(kept));
    // Deleted meanwhile: whoever did it cannot have found this.
    const isThere = (await ports.store.inspections.get(record.id)) !== undefined;
    if (!isThere) await ports.store.artifacts.remove(key);
  } catch (error) {
    // It is made again at the next question.
    if (!isAmunError(error)) throw error;
    ports.log.warn({ err: error, inspection: record.id }, 'the summary was not kept');
  }
}

/** The record knows how each run of an ended inspection ended; those that never ran share its reason. */
function resultOf(record: InspectionRecord, item: number, report: Report | undefined): RunResult {
  if (!isFinal(record.phase)) {
    return report === undefined ? 'pending' : (report.reason ?? 'succeeded');
  }
  const run = record.job?.runs.find((one) => one.item === item);
  if (run === undefined) return record.reason ?? 'Lost';
  return run.reason ?? (run.exitCode === 0 ? 'succeeded' : 'Lost');
}
