import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call as the gateway saw it. */
export interface SeenCall {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How a call is answered: a status, or whatever the script does with the response. */
export type Reply = number | ((response: ServerResponse, call: SeenCall) => void);

/** An OpenFaaS gateway on loopback that does as the test says. */
export interface ScriptedGateway {
  readonly url: string;
  readonly calls: readonly SeenCall[];
  /** What /system/functions answers. */
  functions: unknown;
  /** Its status. */
  listStatus: number;
  /** Answers each call from now on. */
  reply: (call: SeenCall) => Reply;
  stop(): Promise<void>;
  /** Listens on the same port again. */
  start(): Promise<void>;
}

export async function startScriptedGateway(functions: unknown): Promise<ScriptedGateway> {
  const calls: SeenCall[] = [];
  let port = 0;
  const server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      if (request.url === '/system/functions') {
        response.writeHead(gateway.listStatus).end(JSON.stringify(gateway.functions));
        return;
      }
      const call = { url: request.url ?? '', headers: request.headers, body };
      calls.push(call);
      const reply = gateway.reply(call);
      if (typeof reply === 'number') response.writeHead(reply).end(`answer ${reply}`);
      else reply(response, call);
    })();
  });
  const start = async (): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  };
  await start();
  const gateway: ScriptedGateway = {
    url: `http://127.0.0.1:${port}`,
    calls,
    functions,
    listStatus: 200,
    reply: () => 200,
    start,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return gateway;
}

/** An entry of /system/functions. */
export function listed(name: string, topic?: string): unknown {
  return { name, namespace: 'openfaas-fn', annotations: topic === undefined ? null : { topic } };
}
