import { createRouter } from '../../shared/api/create-router.js';
import { json } from '../../shared/api/generated/document-json.js';
import { operations, type OperationParameters } from '../../shared/api/generated/status.js';
import { AmunError } from '../../shared/errors/amun-error.js';
import type { Request } from '../../shared/http/create-handler.js';
import { answer, type Answer } from '../../shared/http/respond.js';
import type { Json } from '../../shared/inspection/specification.js';
import { SERVICE_VERSION } from '../../shared/inspection/version.js';
import type { Ports } from '../../shared/lifecycle/ports.js';
import { answerAdvice } from './advice.js';
import { answerBuildLog } from './build-log.js';
import { listInspections } from './list.js';
import { answerMatrix } from './matrix.js';
import { answerOutput } from './output.js';
import type { Question } from './question.js';
import { answerJobLog, answerJobLogs, answerRunReport } from './reports.js';
import { answerSpecification } from './specification.js';
import { answerStatus } from './status.js';
import { answerSummary } from './summary.js';

type OpenPorts = () => Promise<Ports>;

const router = createRouter<OperationParameters, OpenPorts>(operations, {
  listInspections: async ({ query }, ports) => listInspections(await ports(), query),
  getInspection: about(answerStatus),
  getStatus: about(answerStatus),
  getSpecification: about(answerSpecification),
  getBuildLog: about(answerBuildLog),
  getAdvice: about(answerAdvice),
  getJobLog: about(answerJobLog),
  getJobLogs: about(answerJobLogs),
  getBatchSize: about(answerBatchSize),
  getSummary: about(answerSummary),
  getMatrix: async ({ path }, ports) => answerMatrix(await ports(), path.matrix_id),
  getRunLog: aboutRun((question, item) => answerRunReport(question, item, 'log')),
  getRunResult: aboutRun((question, item) => answerRunReport(question, item, 'result')),
  getRunOutput: aboutRun(answerOutput),
  getVersion: () => answer(200, { version: SERVICE_VERSION, service_version: SERVICE_VERSION }),
  getDocument: () => ({ status: 200, body: json }),
});

/** The paths of `status`: everything that only reads. */
export function route(ports: OpenPorts, request: Request): Promise<Answer> {
  return router.route(ports, withPath(request));
}

/** What a request that failed asked for. */
export function parametersOf(request: Request): Json {
  return router.parametersOf(withPath(request));
}

/**
 * faas-cli has no paths, only a query: ?inspection_id=ID&what=build/log, or ?matrix_id=ID. Unless told
 * otherwise it sends POST, whatever it wants.
 */
function withPath(sent: Request): Request {
  if (sent.path !== '/') return sent;
  const request = sent.method === 'POST' ? { ...sent, method: 'GET' } : sent;
  const { inspection_id: id, what = 'status', matrix_id: matrix } = request.query;
  if (matrix !== undefined) return { ...request, path: `/matrix/${matrix}` };
  return { ...request, path: id === undefined ? '/inspect' : `/inspect/${id}/${what}` };
}

interface AboutInspection {
  readonly path: { readonly id: string };
  readonly request: Request;
}

interface AboutRun extends AboutInspection {
  readonly path: { readonly id: string; readonly item: number };
}

/** An answer that is made from the inspection's record. */
function about(
  answerIt: (question: Question) => Promise<Answer> | Answer,
): (call: AboutInspection, ports: OpenPorts) => Promise<Answer> {
  return async (call, ports) => answerIt(await openQuestion(call, ports));
}

/** The same about one of its runs. */
function aboutRun(
  answerIt: (question: Question, item: number) => Promise<Answer>,
): (call: AboutRun, ports: OpenPorts) => Promise<Answer> {
  return async (call, ports) => {
    const question = await openQuestion(call, ports);
    const { id, batchSize } = question.record;
    const { item } = call.path;
    if (item < batchSize) return answerIt(question, item);
    throw new AmunError(
      'NotFound',
      `${id} has ${batchSize} runs, numbered from 0; there is no run ${item}.`,
    );
  };
}

async function openQuestion(
  { path: { id }, request: { query } }: AboutInspection,
  ports: OpenPorts,
): Promise<Question> {
  const opened = await ports();
  const record = (await opened.store.inspections.get(id))?.value;
  if (record === undefined) throw new AmunError('NotFound', `There is no inspection "${id}".`);
  return { ports: opened, record, query };
}

function answerBatchSize({ record }: Question): Answer {
  return answer(200, { batch_size: record.batchSize, parameters: { inspection_id: record.id } });
}
