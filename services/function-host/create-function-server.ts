import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AmunError } from '../../shared/errors/amun-error.js';
import type { FunctionLimits } from '../../shared/config/function-limits.js';
import { errorAnswer } from '../../shared/http/error-answer.js';
import { whyForeign } from '../../shared/http/foreign-request.js';
import type { FunctionHandler } from '../../shared/http/function-contract.js';
import { encodeOutcome, type Encoded } from './encode-outcome.js';
import type { LineLog } from './line-log.js';
import { readEvent } from './read-event.js';
import { runHandler } from './run-handler.js';

export interface FunctionServerOptions extends FunctionLimits {
  /** Hosts besides loopback that requests may be addressed to. */
  readonly allowedHosts: readonly string[];
  readonly log: LineLog;
}

/** Longer than any client of ours keeps an idle connection, so that none is closed under a request. */
const KEEP_ALIVE_MS = 75_000;

/** Serves one function over HTTP as of-watchdog and the official node template do together. */
export function createFunctionServer(
  handler: FunctionHandler,
  options: FunctionServerOptions,
): Server {
  const server = createServer((request, response) => {
    void serve(handler, options, request, response);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
}

async function serve(
  handler: FunctionHandler,
  options: FunctionServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const started = process.hrtime.bigint();
  let result: Encoded;
  try {
    result = await answerRequest(handler, options, request);
  } catch (error) {
    if (!(error instanceof AmunError)) options.log('error', 'the answer cannot be sent', error);
    result = encodeError(error);
    // What is left of a body nobody read would be taken for the next request.
    if (!request.complete) response.shouldKeepAlive = false;
  }
  const seconds = (Number(process.hrtime.bigint() - started) / 1e9).toFixed(6);
  try {
    write(response, result, seconds);
  } catch (error) {
    // A header name or value that HTTP cannot carry.
    options.log('error', 'the answer cannot be sent', error);
    write(response, encodeError(error), seconds);
  }
}

async function answerRequest(
  handler: FunctionHandler,
  options: FunctionServerOptions,
  request: IncomingMessage,
): Promise<Encoded> {
  const refusal = whyForeign(request, options.allowedHosts);
  if (refusal !== undefined) throw new AmunError('Forbidden', refusal);
  if (request.url === '/_/health' || request.url === '/_/ready') {
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: Buffer.from('OK') };
  }
  const event = await readEvent(request, options.maxBodyBytes);
  const outcome = await runHandler(handler, event, options.execTimeoutMs);
  if (outcome.kind === 'failure') options.log('error', 'the function failed', outcome.error);
  return encodeOutcome(outcome);
}

function encodeError(error: unknown): Encoded {
  const { status, body, headers } = errorAnswer(error, {});
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: Buffer.from(JSON.stringify(body)),
  };
}

function write(response: ServerResponse, result: Encoded, seconds: string): void {
  const bare = result.status === 204 || result.status === 304;
  response
    .writeHead(result.status, {
      ...result.headers,
      ...(bare ? {} : { 'content-length': result.body.length }),
      'x-duration-seconds': seconds,
    })
    .end(result.body);
}
