import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { Dispatcher } from 'undici';
import {
  createFunctionAgent,
  invokeFunction,
  type Invocation,
} from '../../../services/gateway/invoke-function.js';
import type { ServedFunction } from '../../../services/gateway/function-registry.js';
import { serveHandler } from '../function-host/serve-handler.js';

let agent: Dispatcher;
const open: { close(): unknown }[] = [];

beforeEach(() => {
  agent = createFunctionAgent();
});
afterEach(async () => {
  await agent.destroy();
  for (const each of open.splice(0)) await each.close();
});

function at(url: string | undefined): ServedFunction {
  return { name: 'fn', image: '', labels: {}, annotations: {}, invocations: 0, url };
}

const ask: Invocation = { method: 'GET', path: '/', headers: {} };
const tell: Invocation = { method: 'POST', path: '/', headers: {}, body: Buffer.from('x') };

/** A server that reads a request and hangs up, so many times; then it answers 200. */
async function hangUp(times: number): Promise<{ url: string; port: number; seen: () => number }> {
  let seen = 0;
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      seen += 1;
      if (seen <= times) socket.destroy();
      else socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, port, seen: () => seen };
}

async function freePort(): Promise<number> {
  const { port } = await hangUp(0);
  const server = open.pop() as Server;
  server.close();
  await once(server, 'close');
  return port;
}

it('waits for a function that is being started again, whatever is asked of it', async () => {
  const port = await freePort();
  const answer = invokeFunction(agent, at(`http://127.0.0.1:${port}`), tell, [50, 50, 400, 400]);
  await new Promise((resolve) => setTimeout(resolve, 120));
  open.push(await serveHandler((event) => Promise.resolve(`got ${String(event.body)}`), { port }));
  const { statusCode, body } = await answer;
  expect([statusCode, await body.text()]).toEqual([200, 'got x']);
});

it('gives up on one that stays down, and says that it may be tried again', async () => {
  const target = at(`http://127.0.0.1:${await freePort()}`);
  await expect(invokeFunction(agent, target, tell, [1, 1])).rejects.toMatchObject({
    code: 'Unavailable',
    message: expect.stringContaining('not running') as unknown,
  });
});

it('never repeats a call that may have been carried out', async () => {
  const { url, seen } = await hangUp(1);
  await expect(invokeFunction(agent, at(url), tell, [1, 1])).rejects.toMatchObject({
    code: 'Unavailable',
    message: expect.stringContaining('not known') as unknown,
  });
  expect(seen()).toBe(1);
});

it('repeats a question that broke off', async () => {
  const { url, seen } = await hangUp(2);
  const { statusCode, body } = await invokeFunction(agent, at(url), ask, [1, 1]);
  expect([statusCode, await body.text(), seen()]).toEqual([200, 'ok', 3]);
});

it('says so where a function runs nowhere', async () => {
  await expect(invokeFunction(agent, at(undefined), ask)).rejects.toMatchObject({
    code: 'Unavailable',
    message: expect.stringContaining('AMUN_FUNCTIONS') as unknown,
  });
});

it('hands large answers on as they come', async () => {
  const large = 'x'.repeat(20 * 1024 * 1024);
  const served = await serveHandler(() => Promise.resolve(large));
  open.push(served);
  const { body } = await invokeFunction(agent, at(served.url), ask);
  expect((await body.text()).length).toBe(large.length);
});
