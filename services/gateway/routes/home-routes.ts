import type { FastifyInstance } from 'fastify';
import { AmunError } from '../../../shared/errors/amun-error.js';
import type { GatewayContext } from '../gateway-context.js';
import { isServing } from '../probe-function.js';

/** What is here, whether it works, and its metrics. */
export function addHomeRoutes(server: FastifyInstance, context: GatewayContext): void {
  const { version } = context;
  server.get('/', (request, reply) => {
    reply.header('vary', 'accept');
    if (/\btext\/html\b/.test(request.headers.accept ?? '')) return reply.redirect('/api/v1/ui');
    return describeService(version);
  });
  server.get('/healthz', () => ({ status: 'ok', version }));
  server.get('/liveness', () => ({ status: 'ready', version }));
  server.get('/readiness', async () => {
    const missing = await findMissing(context);
    if (missing.length > 0) {
      throw new AmunError('Unavailable', `Not ready yet: ${missing.join(', ')}.`);
    }
    return { status: 'ready', version };
  });
  server.get('/metrics', async (_, reply) => {
    const { registry } = context.metrics;
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

/** For people who look around. */
function describeService(version: string): object {
  return {
    name: 'amun',
    version,
    paths: {
      '/api/v1': 'the REST API; GET lists its paths',
      '/api/v1/ui': 'the same in a browser',
      '/api/v1/openapi.json': 'its OpenAPI document',
      '/api/v1/events': 'events as they happen, one CloudEvent a line',
      '/function/{name}': 'a function, called directly',
      '/async-function/{name}': 'the same, without waiting for the answer',
      '/system/functions': 'the functions there are',
      '/healthz': 'whether the gateway runs',
      '/readiness': 'whether everything behind it runs, too',
      '/metrics': 'figures for Prometheus',
    },
  };
}

/** What does not answer: the bus, functions. */
async function findMissing(context: GatewayContext): Promise<string[]> {
  const checks = [
    context.busAnswers().then((answers) => (answers ? [] : ['the bus'])),
    ...context.functions.list().map(async (target) => {
      return (await isServing(context.unboundedAgent, target)) ? [] : [`function ${target.name}`];
    }),
  ];
  return (await Promise.all(checks)).flat();
}
