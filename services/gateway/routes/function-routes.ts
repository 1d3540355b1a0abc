import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AmunError } from '../../../shared/errors/amun-error.js';
import { ASYNC_HEADERS, asyncMessageId, asyncSubject } from '../../../shared/events/async-call.js';
import { callThrough } from '../call-through.js';
import { identifyCall } from '../call-identity.js';
import type { ServedFunction } from '../function-registry.js';
import type { GatewayContext } from '../gateway-context.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** "/function/name/path?query": the name, and what the function is to see of it. */
const TARGET = /^\/(?:async-)?function\/([^/?]+)(\/[^?]*)?(\?.*)?$/;

/** OpenFaaS' calls of functions: /function/N[/path] waits for the answer, /async-function/N does not. */
export function addFunctionRoutes(server: FastifyInstance, context: GatewayContext): void {
  for (const url of ['/function/:name', '/function/:name/*']) {
    server.route({
      url,
      method: METHODS,
      handler: async (request, reply) => {
        const { name, path } = readTarget(request);
        const target = context.functions.find(name);
        // 503 and not 404, as OpenFaaS has it: there it may be on its way.
        if (target === undefined) throw new AmunError('Unavailable', describeUnknown(name));
        return callThrough(context, target, path, request, reply);
      },
    });
  }
  for (const url of ['/async-function/:name', '/async-function/:name/*']) {
    server.route({
      url,
      method: 'POST',
      handler: async (request, reply) => {
        const { name, path } = readTarget(request);
        const target = context.functions.find(name);
        if (target === undefined) throw new AmunError('NotFound', describeUnknown(name));
        return enqueue(context, target, path, request, reply);
      },
    });
  }
}

function readTarget(request: FastifyRequest): { name: string; path: string } {
  const [, name, path, query] = TARGET.exec(request.url) ?? [];
  if (name === undefined) {
    throw new AmunError('NotFound', 'Write /function/NAME, or /function/NAME/PATH.');
  }
  return { name, path: `${path ?? '/'}${query ?? ''}` };
}

function describeUnknown(name: string): string {
  return `There is no function "${name.slice(0, 100)}"; GET /system/functions lists those there are.`;
}

/** Puts a call on the bus; the connector makes it, again and again until it succeeds. */
async function enqueue(
  context: GatewayContext,
  target: ServedFunction,
  path: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (request.headers['x-callback-url'] !== undefined) {
    throw new AmunError(
      'InvalidRequest',
      'X-Callback-Url is not supported; leave it out, and have the function publish its result.',
    );
  }
  const bus = context.bus();
  if (bus === undefined) {
    throw new AmunError('Unavailable', 'The bus is not connected at the moment; try again.');
  }
  const { callId, startTime } = identifyCall(request);
  const type = request.headers['content-type'];
  const subject = asyncSubject(target.name);
  await bus.publishRaw(subject, (request.body as Buffer | undefined) ?? new Uint8Array(), {
    id: asyncMessageId(subject, path, callId),
    headers: {
      [ASYNC_HEADERS.path]: path,
      [ASYNC_HEADERS.callId]: callId,
      [ASYNC_HEADERS.startTime]: startTime,
      ...(type === undefined ? {} : { [ASYNC_HEADERS.contentType]: type }),
    },
  });
  return reply.code(202).send();
}
