import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Dispatcher } from 'undici';
import { AmunError } from '../../shared/errors/amun-error.js';
import { forwardAnswerHeaders, forwardRequestHeaders } from './forward-headers.js';
import type { ServedFunction } from './function-registry.js';
import { identifyCall } from './call-identity.js';
import type { GatewayContext } from './gateway-context.js';
import { invokeFunction, isQuestion } from './invoke-function.js';
import { translateError } from './translate-error.js';
import { whileWanted } from './while-wanted.js';

/** They never have a body, whatever their headers say. */
const BODILESS = new Set([204, 304]);

/**
 * Who waits for an inspection's end would keep the gateway from ending, and a connection from others.
 */
const WAITS = /[?&]wait=/;

/** The code that nginx counts such calls under: no failure of the function. */
const CLIENT_LEFT = 499;

/** Up to this many bytes an answer is cheaper to hold than to stream. */
const SMALL_BYTES = 64 * 1024;

/**
 * Hands a request to a function and its answer to the caller, as they are.
 *
 * @param path what the function is to see, with the query
 */
export async function callThrough(
  context: GatewayContext,
  target: ServedFunction,
  path: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { metrics } = context;
  const function_name = `${target.name}.openfaas-fn`;
  const waits = WAITS.test(path);
  // Whatever else was asked for is to be done, even if nobody hears of it.
  const question = isQuestion(request.method);
  const stopTimer = metrics.invocationSeconds.startTimer({ function_name });
  try {
    const wanting = {
      response: question ? reply.raw : undefined,
      signal: waits ? context.signal : undefined,
    };
    const answer = await whileWanted(wanting, (signal) =>
      invokeFunction(waits ? context.unboundedAgent : context.agent, target, {
        method: request.method,
        path,
        headers: forwardRequestHeaders(request.headers, {
          address: request.ip,
          ...identifyCall(request),
        }),
        body: request.body as Buffer | undefined,
        signal,
      }),
    );
    metrics.invocations.inc({ function_name, code: answer.statusCode });
    reply.code(answer.statusCode).headers(forwardAnswerHeaders(answer.headers));
    if (request.method === 'HEAD' || BODILESS.has(answer.statusCode)) {
      await answer.body.dump();
      // How long it would be once it is compressed, nobody knows before it is.
      if (/gzip|\*/i.test(String(request.headers['accept-encoding']))) {
        reply.removeHeader('content-length');
      }
      return await reply.send();
    }
    return await reply.send(await readSmall(answer));
  } catch (error) {
    const isLeft = question && reply.raw.destroyed;
    const code = isLeft ? CLIENT_LEFT : translateError(error).entry.status;
    metrics.invocations.inc({ function_name, code });
    throw error;
  } finally {
    stopTimer();
  }
}

async function readSmall({ headers, body }: Dispatcher.ResponseData): Promise<Buffer | Readable> {
  const size = Number(headers['content-length'] ?? Infinity);
  if (size > SMALL_BYTES) return body;
  try {
    return Buffer.from(await body.arrayBuffer());
  } catch (error) {
    throw new AmunError('Unavailable', 'The function went away while it answered; try again.', {
      cause: error,
    });
  }
}
