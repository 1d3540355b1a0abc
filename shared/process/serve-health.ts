import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, register } from 'prom-client';
import { whyForeign } from '../http/foreign-request.js';

/** Written by the service, read by /healthz. */
export interface Health {
  ready: boolean;
  detail: string;
}

/**
 * Serves /healthz (200 while the service can do its work), /liveness (200 while its process answers
 * at all) and /metrics; resolves to the port.
 */
export async function serveHealth(
  health: Health,
  options: {
    readonly host: string;
    readonly port: number;
    readonly signal: AbortSignal;
    readonly allowedHosts: readonly string[];
  },
): Promise<number> {
  collectDefaultMetrics();
  const server = createServer((request, response) => {
    const refusal = whyForeign(request, options.allowedHosts);
    if (refusal !== undefined) {
      response.writeHead(403).end(refusal);
    } else if (request.url === '/healthz') {
      const type = { 'content-type': 'application/json' };
      response.writeHead(health.ready ? 200 : 503, type).end(JSON.stringify(health));
    } else if (request.url === '/liveness') {
      response.writeHead(200).end('OK');
    } else if (request.url === '/metrics') {
      void register.metrics().then((text) => {
        response.writeHead(200, { 'content-type': register.contentType }).end(text);
      });
    } else {
      response.writeHead(404).end('There is /healthz, /liveness and /metrics.');
    }
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  options.signal.addEventListener('abort', () => server.close());
  return (server.address() as AddressInfo).port;
}
