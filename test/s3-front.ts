import { once } from 'node:events';
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as it came to the front. */
export interface S3Call {
  readonly method: string;
  /** Path without its query: `/bucket/key`. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** What becomes of a call: answered with an error, never answered, cut off, or let through late. */
export type Fault =
  | { readonly status: number; readonly code: string; readonly message?: string }
  | 'silence'
  | 'cut'
  /** Let through, and the connection cut instead of an answer. */
  | 'cut after'
  | { readonly delayMs: number };

/** What stands between a client and an S3 store, and has the faults that a test wants. */
export interface S3Front {
  readonly url: string;
  readonly calls: S3Call[];
  /** Says what is wrong with a call, which waits for that; undefined: nothing. */
  fault: (call: S3Call) => Fault | undefined | Promise<Fault | undefined>;
  /** Listens no more, as a store that is away; or again, on the same port. */
  leave(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a front on loopback.
 *
 * @param store port of the store behind it; undefined: it says yes to everything, and keeps nothing
 */
export async function startS3Front(store?: number): Promise<S3Front> {
  const calls: S3Call[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '/', headers } = request;
    const call = {
      method,
      path: decodeURI(url.split('?')[0] ?? ''),
      headers,
      body: await buffer(request),
    };
    calls.push(call);
    const fault = await front.fault(call);
    if (fault === 'silence') return;
    if (fault === 'cut') return void request.socket.destroy();
    if (typeof fault === 'object' && 'status' in fault) {
      response.writeHead(fault.status, { 'content-type': 'application/xml' }).end(describe(fault));
      return;
    }
    if (typeof fault === 'object') await new Promise((done) => setTimeout(done, fault.delayMs));
    const { status, body } = await passOn(store, url, call);
    if (fault === 'cut after') return void request.socket.destroy();
    response.writeHead(status, { 'content-type': 'application/xml' }).end(body);
  };
  let server = createServer();
  let port = 0;
  const listen = async (): Promise<void> => {
    if (server.listening) return;
    server = createServer((request, response) => {
      serve(request, response).catch(() => request.socket.destroy());
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  };
  const leave = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  await listen();
  const front: S3Front = {
    url: `http://127.0.0.1:${port}`,
    calls,
    fault: () => undefined,
    leave,
    comeBack: listen,
    close: leave,
  };
  return front;
}

function describe({ code, message = 'for the test' }: { code: string; message?: string }): string {
  return `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
}

async function passOn(
  port: number | undefined,
  path: string,
  { method, headers, body }: S3Call,
): Promise<{ readonly status: number; readonly body: Buffer }> {
  if (port === undefined) return { status: 200, body: Buffer.from(EMPTY_LIST) };
  const passed = forward({ host: '127.0.0.1', port, path, method, headers });
  passed.end(body);
  const [response] = (await once(passed, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 502, body: await buffer(response) };
}

const EMPTY_LIST =
  '<?xml version="1.0"?><ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>';
