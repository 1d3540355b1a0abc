import type { IncomingMessage } from 'node:http';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { toldParameters } from '../../shared/api/told-parameters.js';
import { AmunError } from '../../shared/errors/amun-error.js';
import { errorAnswer } from '../../shared/http/error-answer.js';
import { whyForeign } from '../../shared/http/foreign-request.js';
import { normalizePath } from '../../shared/http/normalize-path.js';
import { readBody } from '../../shared/http/read-body.js';
import type { Json } from '../../shared/inspection/specification.js';
import { findApiPath } from './api-target.js';
import { identifyCall } from './call-identity.js';
import type { GatewayContext } from './gateway-context.js';
import { refuseConnection } from './refuse-connection.js';
import { addApiRoutes, refuseUnroutedMethod } from './routes/api-routes.js';
import { addFunctionRoutes } from './routes/function-routes.js';
import { addHomeRoutes } from './routes/home-routes.js';
import { addLogRoutes } from './routes/log-routes.js';
import { addSystemRoutes } from './routes/system-routes.js';
import { translateError } from './translate-error.js';

/** The largest body accepted, bytes. */
const BODY_LIMIT = 1024 * 1024;

/** A whole request must have arrived within this time. */
const REQUEST_TIMEOUT_MS = 60_000;

/** The gateway's HTTP server, not listening yet. */
export function createGateway(context: GatewayContext): FastifyInstance {
  const server = fastify({
    exposeHeadRoutes: true,
    requestTimeout: REQUEST_TIMEOUT_MS,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true },
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, request, reply) => {
      void sendError(context, error, request, reply);
    },
  });
  readBodiesRaw(server);
  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-call-id', identifyCall(request).callId);
    reply.header('x-start-time', identifyCall(request).startTime);
    const refusal = whyForeign(request, context.allowedHosts);
    if (refusal !== undefined) throw new AmunError('Forbidden', refusal);
    refuseUnroutedMethod(request);
  });
  server.addHook('onResponse', async (request, reply) => record(context, request, reply));
  server.setErrorHandler((error, request, reply) => sendError(context, error, request, reply));
  server.setNotFoundHandler((request) => {
    throw new AmunError(
      'NotFound',
      `There is no ${request.method} ${request.url.slice(0, 200)}; GET / says what there is.`,
    );
  });
  addHomeRoutes(server, context);
  // A scope of its own: nothing but the API is compressed.
  void server.register((api) => addApiRoutes(api, context));
  addFunctionRoutes(server, context);
  addSystemRoutes(server, context);
  addLogRoutes(server, context);
  return server;
}

/** Nothing is parsed here: functions get every body as it came. */
function readBodiesRaw(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_: FastifyRequest, payload: IncomingMessage) =>
    readBody(payload, BODY_LIMIT),
  );
}

async function sendError(
  context: GatewayContext,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const translated = translateError(error);
  if (translated.code === 'Internal') {
    context.log.error({ err: error, route: request.routeOptions.url }, 'request failed');
  }
  const { status, body, headers } = errorAnswer(translated, readParameters(request));
  return reply
    .code(status)
    .headers({ 'content-type': 'application/json; charset=utf-8', ...headers })
    .send(JSON.stringify(body));
}

/** What was asked: the query's parameters, each once, and what a path of the API names. */
function readParameters(request: FastifyRequest): Record<string, Json> {
  const query = (request.query ?? {}) as Record<string, unknown>;
  const entries = Object.entries(query).flatMap(([name, value]) => {
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return typeof first === 'string' ? [[name, first] as const] : [];
  });
  const [, path = ''] = /^\/api\/v1(\/[^?]*)/.exec(request.url) ?? [];
  return toldParameters(findApiPath(normalizePath(path)), Object.fromEntries(entries));
}

/** They last as long as somebody listens, which says nothing about how fast they are. */
const STREAMS = ['application/x-ndjson', 'text/event-stream'];

function record(context: GatewayContext, request: FastifyRequest, reply: FastifyReply): void {
  const route = request.routeOptions.url ?? 'none';
  const { method } = request;
  context.metrics.requests.inc({ route, method, status: reply.statusCode });
  const isStream = STREAMS.includes(
    String(reply.raw.getHeader('content-type')).split(';')[0] ?? '',
  );
  if (!isStream) context.metrics.seconds.observe({ route, method }, reply.elapsedTime / 1000);
}
