import { AmunError } from '../../shared/errors/amun-error.js';
import { answer, type Answer } from '../../shared/http/respond.js';
import { isFinal } from '../../shared/inspection/phase.js';
import { describeReason } from '../../shared/inspection/reason.js';
import type { InspectionRecord } from '../../shared/inspection/record.js';
import type { Json } from '../../shared/inspection/specification.js';
import { mapBounded } from '../../shared/concurrency/map-bounded.js';
import { observe } from './observe.js';
import type { Question } from './question.js';
import { ReportReader } from './report-reader.js';
import { viewParts } from './view.js';

/** The most that one answer with all reports may carry, bytes. */
const MAX_ALL_REPORTS = 64 * 1024 * 1024;
const CONCURRENCY = 4;

/** One run's report, under the name that the path's clients read it by. */
export async function answerRunReport(
  question: Question,
  item: number,
  name: 'log' | 'result',
): Promise<Answer> {
  const report = await new ReportReader(question).read(item);
  if (report === undefined) throw missing(question.record, item);
  return answer(200, {
    [name]: JSON.parse(report) as Json,
    parameters: { inspection_id: question.record.id, item },
  });
}

/** The first run's report; 202 while there is none yet. */
export async function answerJobLog(question: Question): Promise<Answer> {
  const { record } = question;
  const report = await new ReportReader(question).read(0);
  const parameters = { inspection_id: record.id };
  if (report !== undefined) return answer(200, { log: JSON.parse(report) as Json, parameters });
  const error = missing(record, 0);
  if (isFinal(record.phase) || !record.hasScript) throw error;
  return answer(202, { error: error.message, parameters, code: error.code });
}

/** The reports of all runs that have ended, in order. */
export async function answerJobLogs(question: Question): Promise<Answer> {
  const { ports, record } = question;
  const reader = new ReportReader(question);
  const items = record.hasScript ? Array.from({ length: record.batchSize }, (_, item) => item) : [];
  let size = 0;
  const reports = await mapBounded(items, CONCURRENCY, async (item) => {
    const report = await reader.read(item);
    size += report?.length ?? 0;
    if (size <= MAX_ALL_REPORTS) return report;
    throw new AmunError('TooLarge', 'Together too large; ask for each run: job/{item}/result.');
  });
  return answer(200, {
    logs: reports.flatMap((report) => (report === undefined ? [] : [JSON.parse(report) as Json])),
    status: viewParts(await observe(ports, record)),
    parameters: { inspection_id: record.id },
  });
}

function missing(record: InspectionRecord, item: number): AmunError {
  if (!record.hasScript) {
    return new AmunError('NotFound', `${record.id} has no script: it is build only.`);
  }
  if (!isFinal(record.phase)) {
    return new AmunError('NotFound', `Run ${item} of ${record.id} has not ended yet; ask again.`);
  }
  const why = record.reason === undefined ? '' : ` ${describeReason(record.reason)}`;
  return new AmunError('NotFound', `Run ${item} of ${record.id} has left no report.${why}`);
}
