import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Access, Credentials } from '../../../../../shared/cluster/kubernetes/api/access.js';

/** A request that came in, whole. */
export interface Received {
  readonly method: string;
  readonly url: URL;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  /** Common name of the client's certificate. */
  readonly client: string | undefined;
}

export type Behaviour = (request: Received, response: http.ServerResponse) => void | Promise<void>;

/** A server on loopback that does to its clients what a test says. */
export interface TestServer {
  readonly url: string;
  readonly received: readonly Received[];
  /** Connections taken so far. */
  readonly connections: number;
  /** Does so from the next request on. */
  behave(behaviour: Behaviour): void;
  /** Ends, cutting every connection. */
  close(): Promise<void>;
}

export async function startTestServer(
  behaviour: Behaviour = () => undefined,
  tls?: https.ServerOptions,
): Promise<TestServer> {
  const received: Received[] = [];
  let connections = 0;
  let current = behaviour;
  const listener = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    let body = '';
    for await (const piece of request) body += String(piece);
    const one: Received = {
      method: request.method!,
      url: new URL(request.url!, 'http://test'),
      headers: request.headers,
      body,
      client: commonName(request),
    };
    received.push(one);
    await current(one, response);
  };
  const serve = (request: http.IncomingMessage, response: http.ServerResponse) => {
    // What a test destroys on purpose is no failure of this server.
    listener(request, response).catch(() => response.destroy());
  };
  const server = tls === undefined ? http.createServer(serve) : https.createServer(tls, serve);
  server.on('connection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    received,
    get connections() {
      return connections;
    },
    behave: (next) => (current = next),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function commonName({ socket }: http.IncomingMessage): string | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const { subject } = socket.getPeerCertificate() as { subject?: { CN?: string } };
  return subject?.CN;
}

/** The way to a test's server, with these credentials. */
export function accessTo(
  url: string,
  read: (refused: boolean) => Credentials = noCredentials,
): Access {
  return { url, namespace: undefined, read: (refused) => Promise.resolve(read(refused)) };
}

function noCredentials(): Credentials {
  return { headers: {}, tls: {} };
}

/** Answers JSON. */
export function answerJson(
  response: http.ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** Answers as an API server that refuses. */
export function answerStatus(
  response: http.ServerResponse,
  code: number,
  reason: string,
  message: string,
  details: object = {},
  headers: Record<string, string> = {},
): void {
  const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message };
  answerJson(response, { ...status, details }, code, headers);
}
