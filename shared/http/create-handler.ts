import { isAmunError } from '../errors/amun-error.js';
import type { Json } from '../inspection/specification.js';
import type { Log } from '../log/create-log.js';
import { validate } from './conditional.js';
import { errorAnswer } from './error-answer.js';
import type { FunctionEvent, FunctionHandler } from './function-contract.js';
import { normalizePath } from './normalize-path.js';
import type { Answer } from './respond.js';

/** A request as use cases see it. */
export interface Request {
  readonly method: string;
  /** Begins with "/", without a trailing one. */
  readonly path: string;
  /** The first value of each parameter. */
  readonly query: Readonly<Record<string, string>>;
  /** Every value of each, in order. */
  readonly queries: Readonly<Record<string, readonly string[]>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * Wraps a function's edge: whatever happens inside, an answer with the right status comes out.
 * A throw past this point would be answered 200 by the template.
 *
 * @param parametersOf what the answer to a request that failed says was asked; must not throw
 */
export function createHandler(
  serve: (request: Request) => Promise<Answer>,
  log: Log,
  parametersOf: (request: Request) => Json = (request) => ({ ...request.query }),
): FunctionHandler {
  return async (event, context) => {
    const request = readRequest(event);
    let result: Answer;
    try {
      result = await serve(request);
    } catch (error) {
      result = errorAnswer(error, parametersOf(request));
      if (result.status >= 500) log.error({ err: error, path: request.path }, 'request failed');
      else if (isAmunError(error)) log.debug({ code: error.code }, 'request refused');
    }
    const text = typeof result.body === 'string' ? result.body : JSON.stringify(result.body);
    const headers = { 'content-type': 'application/json; charset=utf-8', ...result.headers };
    const isQuestion = request.method === 'GET' || request.method === 'HEAD';
    if (!isQuestion || result.status !== 200) {
      return context.status(result.status).headers(headers).succeed(text);
    }
    const validated = validate(text, request.headers['if-none-match']);
    if (validated.isKnown) return context.status(304).headers(validated.headers).succeed('');
    return context
      .status(200)
      .headers({ ...headers, ...validated.headers })
      .succeed(text);
  };
}

/** Never throws: what is missing reads as nothing. */
function readRequest(event: Partial<FunctionEvent>): Request {
  return {
    method: (event.method ?? 'GET').toUpperCase(),
    path: normalizePath(`/${event.path ?? ''}`),
    query: onlyTexts(event.query),
    queries: allTexts(event.query),
    headers: onlyTexts(event.headers),
    body: readBody(event.body),
  };
}

/** Repeated parameters count once: the first. */
function onlyTexts(values: Readonly<Record<string, unknown>> | undefined): Record<string, string> {
  const entries = Object.entries(values ?? {}).flatMap(([name, value]) => {
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return typeof first === 'string' ? [[name, first] as const] : [];
  });
  return Object.fromEntries(entries);
}

function allTexts(values: Readonly<Record<string, unknown>> | undefined): Record<string, string[]> {
  const entries = Object.entries(values ?? {}).map(([name, value]) => {
    const texts = [value].flat().filter((one): one is string => typeof one === 'string');
    return [name, texts] as const;
  });
  return Object.fromEntries(entries);
}

/** RAW_BODY gives a Buffer; without it the template gives a string or parsed JSON. */
function readBody(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return Buffer.from(body);
  // Express gives {} where no body was sent.
  if (typeof body === 'object' && body !== null && Object.keys(body).length > 0) {
    return Buffer.from(JSON.stringify(body));
  }
  return new Uint8Array();
}
