import type { FastifyInstance } from 'fastify';
import { AmunError } from '../../../shared/errors/amun-error.js';
import { NAMESPACE, type ServedFunction } from '../function-registry.js';
import type { GatewayContext } from '../gateway-context.js';
import { isServing } from '../probe-function.js';

const READ_ONLY =
  'Functions are started together with this gateway, not deployed to it; see stack.yml.';

/** OpenFaaS' own API, as far as it reads: what faas-cli needs for list, describe and version. */
export function addSystemRoutes(server: FastifyInstance, context: GatewayContext): void {
  const createdAt = new Date().toISOString();
  const describe = async (target: ServedFunction): Promise<object> => {
    const replicas = (await isServing(context.unboundedAgent, target)) ? 1 : 0;
    return {
      name: target.name,
      image: target.image,
      namespace: NAMESPACE,
      envProcess: '',
      labels: target.labels,
      annotations: target.annotations,
      invocationCount: target.invocations,
      replicas,
      availableReplicas: replicas,
      createdAt,
    };
  };

  server.get('/system/functions', async (request) => {
    const { namespace } = request.query as { namespace?: unknown };
    if (typeof namespace === 'string' && namespace !== '' && namespace !== NAMESPACE) return [];
    return Promise.all(context.functions.list().map(describe));
  });
  server.get('/system/function/:name', async (request) => {
    const { name } = request.params as { name: string };
    const target = context.functions.find(name);
    if (target === undefined) {
      throw new AmunError('NotFound', `There is no function "${name.slice(0, 100)}".`);
    }
    return describe(target);
  });
  server.get('/system/namespaces', () => [NAMESPACE]);
  server.get('/system/secrets', () => []);
  server.get('/system/info', () => {
    const version = { sha: '', release: context.version };
    return {
      provider: { provider: 'amun', orchestration: 'local', version },
      version: { ...version, commit_message: '' },
      arch: process.arch === 'x64' ? 'x86_64' : process.arch,
    };
  });
  for (const url of [
    '/system/functions',
    '/system/scale-function/:name',
    '/system/secrets',
    '/system/namespaces',
  ]) {
    server.route({
      url,
      method: ['POST', 'PUT', 'DELETE'],
      handler: (_, reply) => {
        reply.header('allow', 'GET');
        throw new AmunError('MethodNotAllowed', READ_ONLY);
      },
    });
  }
}
