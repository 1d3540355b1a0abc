import { once } from 'node:events';
import { request } from 'undici';
import type { FunctionHandler } from '../../../shared/http/function-contract.js';
import { waitUntil } from '../../wait-until.js';
import { serveHandler, type ServedHandler } from '../function-host/serve-handler.js';
import { openGateway, type OpenGateway } from './open-gateway.js';

const STATUS = '/api/v1/inspect/inspection-0123456789abcdef/status';

describe('a call that waits for an inspection’s end', () => {
  let asked: number;
  let endAll: () => void;
  let served: ServedHandler;
  let gateway: OpenGateway;
  beforeEach(async () => {
    asked = 0;
    const over = new Promise((resolve) => (endAll = () => resolve('{}')));
    const handler: FunctionHandler = ({ query }) => {
      asked += 1;
      return 'wait' in query ? over : Promise.resolve('{}');
    };
    // Longer than a test takes: no call ends by itself.
    served = await serveHandler(handler, { execTimeoutMs: 120_000 });
    gateway = await openGateway({ functions: { status: served.url } });
  });
  afterEach(async () => {
    endAll();
    await gateway.close();
    await served.close();
  });

  it('is broken off when the gateway ends, and told to ask again', async () => {
    const call = gateway.call(`${STATUS}?wait=50`);
    await waitUntil(() => asked > 0);
    gateway.stop();
    const { status, headers, json } = await call;
    expect([status, json()['code'], headers['retry-after']]).toEqual([503, 'Unavailable', '5']);
  });

  it('holds up nobody else, however many there are', async () => {
    const waiting = Array.from({ length: 150 }, () => gateway.call(`${STATUS}?wait=50`));
    const answers = Promise.allSettled(waiting);
    await waitUntil(() => asked === 150);
    expect((await gateway.call(STATUS)).status).toBe(200);
    expect((await gateway.call('/readiness')).status).toBe(200);
    gateway.stop();
    await answers;
  });

  it('ends at the function when its client leaves, and is no failure of it', async () => {
    const connected = once(served.server, 'connection');
    const client = new AbortController();
    const { signal } = client;
    const call = request(`${gateway.url}${STATUS}?wait=50`, { signal }).catch(() => undefined);
    const [socket] = (await connected) as [NodeJS.EventEmitter];
    const closed = once(socket, 'close');
    await waitUntil(() => asked > 0);
    client.abort();
    await Promise.all([closed, call]);
    await waitUntil(async () => {
      const { text } = await gateway.call('/metrics');
      return /invocation_total\{function_name="status\.openfaas-fn",code="499"\} 1/.test(text);
    });
  });
});
