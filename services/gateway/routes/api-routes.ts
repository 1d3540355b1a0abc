import compress from '@fastify/compress';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { operations } from '../../../shared/api/generated/gateway.js';
import type { Route } from '../../../shared/api/operation.js';
import { allowedMethods, type FoundPath } from '../../../shared/api/path-table.js';
import { readParameters } from '../../../shared/api/read-parameters.js';
import { AmunError } from '../../../shared/errors/amun-error.js';
import { MethodNotAllowedError } from '../../../shared/http/method-not-allowed.js';
import { unknownPath } from '../../../shared/http/unknown-path.js';
import { API_HANDLERS, type GatewayCall } from '../api-handlers.js';
import { API_PATHS, findApiPath, readTarget } from '../api-target.js';
import { callThrough } from '../call-through.js';
import type { GatewayContext } from '../gateway-context.js';
import { requireJson } from '../require-json.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Answers below this many bytes grow when they are compressed. */
const COMPRESSED_FROM = 1024;

/** The parameters of the gateway's own operations. */
const OWN = new Map(operations.map((operation) => [operation.id, operation.parameters]));

/**
 * Throws MethodNotAllowedError where a path of the API is asked by a method that it has no route for:
 * of those the server would say that there is no such path, or (QUERY) ask for a content-type first.
 */
export function refuseUnroutedMethod({ method, url }: FastifyRequest): void {
  if (METHODS.includes(method) || !/^\/api\/v1(?:[/?]|$)/.test(url)) return;
  const { path } = readTarget(url);
  const found = findApiPath(path);
  if (found === undefined) throw unknownPath(path, API_PATHS);
  throw new MethodNotAllowedError(method, path, allowedMethods(found.routes));
}

type AnyHandler = (call: GatewayCall<object>, context: GatewayContext) => unknown;

/**
 * Amun's REST API. Its document says which function answers what; the gateway finds that one, and
 * answers what is asked of itself.
 */
export async function addApiRoutes(
  server: FastifyInstance,
  context: GatewayContext,
): Promise<void> {
  await server.register(compress, { encodings: ['gzip'], threshold: COMPRESSED_FROM });
  for (const url of ['/api/v1', '/api/v1/*']) {
    server.route({
      url,
      method: METHODS,
      handler: (request, reply) => answer(context, request, reply),
    });
  }
}

async function answer(
  context: GatewayContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const { path, query } = readTarget(request.url);
  const found = findApiPath(path);
  if (found === undefined) throw unknownPath(path, API_PATHS);
  const allowed = allowedMethods(found.routes);
  if (request.method === 'OPTIONS')
    return reply.code(204).header('allow', allowed.join(', ')).send();
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const operation = found.routes.find((one) => one.method === method);
  if (operation === undefined) throw new MethodNotAllowedError(request.method, path, allowed);
  requireJson(request);
  if (operation.servedBy === 'gateway')
    return answerItself(context, operation, found, request, reply);
  const target = context.functions.find(operation.servedBy);
  if (target === undefined) {
    throw new AmunError('Unavailable', `Function "${operation.servedBy}" is not served here.`);
  }
  return callThrough(context, target, `${path}${query}`, request, reply);
}

function answerItself(
  context: GatewayContext,
  { id }: Route,
  found: FoundPath<Route>,
  request: FastifyRequest,
  reply: FastifyReply,
): unknown {
  const query = Object.entries(request.query as Readonly<Record<string, string | string[]>>);
  const header = Object.entries(request.headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  const values = readParameters(OWN.get(id) ?? [], {
    path: found.values,
    query: Object.fromEntries(query.map(([name, value]) => [name, [value].flat()])),
    header: Object.fromEntries(header),
  });
  const handle = (API_HANDLERS as unknown as Readonly<Record<string, AnyHandler>>)[id];
  if (handle === undefined) throw new AmunError('NotFound', `Nothing serves ${id} here.`);
  return handle({ ...values, request, reply }, context);
}
