import type { JsonObject } from '../../shared/inspection/specification.js';
import type { Analyses, Analysis } from './analyses.js';
import type { ThothAnswer, ThothRequest } from './answer.js';
import { resultDocument } from './documents.js';

export interface Reply {
  readonly status: number;
  /** JSON, or a text that is sent as it is. */
  readonly body: JsonObject | string;
}

const PATH = /^\/api\/v1\/(advise|provenance)\/python(?:\/([\w-]+)(?:\/(log|status))?)?$/;

/** What Thoth's API says to a request. */
export function answerRequest(
  request: ThothRequest,
  analyses: Analyses,
  makeAnswer: (request: ThothRequest) => ThothAnswer,
): Reply {
  if (/^\/api\/v1\/?$/.test(request.path)) return { status: 200, body: { paths: [] } };
  const [matched, kind, id, part] = PATH.exec(request.path) ?? [];
  if (matched === undefined) return { status: 404, body: { error: 'no such path' } };
  if (id === undefined) {
    if (request.method !== 'POST') return { status: 405, body: { error: 'send it with POST' } };
    const name = kind === 'advise' ? 'adviser' : 'provenance-checker';
    return submit(name, request, analyses, makeAnswer);
  }
  const analysis = analyses.find(id);
  if (analysis === undefined) return { status: 404, body: { error: 'no such analysis' } };
  if (part === 'log') return { status: 200, body: { log: `${id} was here\n`, parameters: {} } };
  if (part === 'status') return { status: 200, body: { status: status(analysis), parameters: {} } };
  return readResult(analysis);
}

function submit(
  name: 'adviser' | 'provenance-checker',
  request: ThothRequest,
  analyses: Analyses,
  makeAnswer: (request: ThothRequest) => ThothAnswer,
): Reply {
  if (typeof request.body !== 'object' || request.body === null) {
    return { status: 400, body: { error: 'the body is no JSON object', parameters: {} } };
  }
  const { force = '', ...counted } = request.query;
  const forced = /^true$/i.test(force);
  const question = { ...counted, ...request.body };
  const { analysis, cached } = analyses.take(name, question, forced, () => makeAnswer(request));
  const body = { analysis_id: analysis.id, cached, authenticated: false, parameters: {} };
  return { status: 202, body };
}

function readResult(analysis: Analysis): Reply {
  const { answer, id } = analysis;
  if (analysis.pollsLeft > 0) {
    analysis.pollsLeft -= 1;
    const error = 'Analysis is still in progress';
    return { status: 202, body: { error, status: { state: 'running' }, parameters: {} } };
  }
  if (answer.kind === 'malformed') return { status: 200, body: answer.body };
  if (answer.kind === 'failed') {
    return { status: 400, body: { error: answer.message, parameters: { analysis_id: id } } };
  }
  return { status: 200, body: resultDocument(analysis) };
}

function status({ pollsLeft, answer, startedAt }: Analysis): JsonObject {
  const started_at = new Date(startedAt).toISOString();
  if (pollsLeft > 0) return { state: 'running', started_at, finished_at: null, reason: null };
  const state = answer.kind === 'failed' ? 'error' : 'succeeded';
  return { state, started_at, finished_at: started_at, reason: null };
}
