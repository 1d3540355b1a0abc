import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One request as the service got it. */
export interface Asked {
  readonly method: string;
  /** Below /api/v1. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export interface Answer {
  readonly status?: number;
  readonly body: unknown;
}

/** Says what a request is answered with; undefined: 404. */
export type Script = (asked: Asked) => Answer | undefined | ((response: ServerResponse) => void);

/** A real HTTP server on loopback that answers as a test tells it. */
export interface ScriptedService {
  readonly url: string;
  readonly asked: Asked[];
  /** Drops every connection and stops listening, as a killed gateway does. */
  kill(): Promise<void>;
  /** Listens on the same port again. */
  revive(): Promise<void>;
}

export async function startScriptedService(script: Script): Promise<ScriptedService> {
  const asked: Asked[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://service');
    const sent = await text(request);
    const one: Asked = {
      method: request.method ?? '',
      path: url.pathname.replace(/^\/api\/v1/, ''),
      query: url.searchParams,
      headers: request.headers,
      body: sent === '' ? undefined : (JSON.parse(sent) as unknown),
    };
    asked.push(one);
    const answer = script(one) ?? { status: 404, body: notFound(one.path) };
    if (typeof answer === 'function') {
      answer(response);
      return;
    }
    const payload = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' }).end(payload);
  };
  let server: Server;
  const listen = async (port: number): Promise<number> => {
    server = createServer((request, response) => void serve(request, response));
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async kill() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    async revive() {
      await listen(port);
    },
  };
}

function notFound(path: string): unknown {
  return { error: `There is no ${path}.`, code: 'NotFound', parameters: {} };
}
