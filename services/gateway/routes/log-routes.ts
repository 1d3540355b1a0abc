import path from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AmunError } from '../../../shared/errors/amun-error.js';
import { NAMESPACE } from '../function-registry.js';
import type { GatewayContext } from '../gateway-context.js';
import { readLog, type ReadLogOptions } from '../read-log.js';
import { streamLines } from '../stream-lines.js';

/** OpenFaaS' logs of a function, as newline-delimited JSON. */
export function addLogRoutes(server: FastifyInstance, context: GatewayContext): void {
  server.get('/system/logs', async (request, reply) => {
    const { name, ...options } = readQuery(request);
    const target = context.functions.find(name);
    if (target === undefined) {
      throw new AmunError(
        'NotFound',
        `There is no function "${name.slice(0, 100)}"; name one of GET /system/functions.`,
      );
    }
    const file = path.join(context.logDirectory, `${target.name}.log`);
    await streamLines(reply, context.signal, async function* (signal) {
      for await (const line of readLog(file, { ...options, signal })) {
        yield { name: target.name, namespace: NAMESPACE, instance: target.name, ...line };
      }
    });
  });
}

function readQuery(request: FastifyRequest): { name: string } & Omit<ReadLogOptions, 'signal'> {
  const query = request.query as Readonly<Record<string, unknown>>;
  const text = (key: string): string => {
    const value = query[key];
    return typeof value === 'string' ? value : '';
  };
  const tail = text('tail');
  if (!/^(-?\d{1,9})?$/.test(tail)) {
    throw new AmunError('InvalidRequest', `tail is "${tail}"; write a number of lines.`);
  }
  const since = text('since');
  if (since !== '' && Number.isNaN(Date.parse(since))) {
    throw new AmunError('InvalidRequest', `since is "${since}"; write a time as of RFC 3339.`);
  }
  return {
    name: text('name'),
    // 0 and less mean all, as in faas-cli.
    tail: Number(tail) > 0 ? Number(tail) : undefined,
    since: since === '' ? undefined : new Date(since),
    follow: /^(1|t|true)$/i.test(text('follow')),
  };
}
