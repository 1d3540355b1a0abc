import { once } from 'node:events';
import { connect } from 'node:net';
import { serveHandler, type ServedHandler } from '../function-host/serve-handler.js';
import { openGateway, type OpenGateway } from './open-gateway.js';

let gateway: OpenGateway;
let served: ServedHandler;
let calls = 0;

beforeAll(async () => {
  served = await serveHandler(() => Promise.resolve(String((calls += 1))));
  gateway = await openGateway({
    functions: { submit: served.url, status: served.url },
  });
});
afterAll(async () => {
  await gateway.close();
  await served.close();
});

const EVERYWHERE = [
  '/',
  '/api/v1/inspect',
  '/function/submit',
  '/system/functions',
  '/metrics',
  '/x',
];

describe('a web page on this machine', () => {
  it.each(
    EVERYWHERE.flatMap((path) => [
      { path, headers: { host: 'evil.example' } },
      { path, headers: { origin: 'http://evil.example' } },
      { path, headers: { origin: 'http://127.0.0.1:1' } },
      { path, headers: { origin: 'null' } },
    ]),
  )('is refused: $path $headers', async ({ path, headers }) => {
    const before = calls;
    const answer = await gateway.call(path, { headers });
    expect([answer.status, answer.json()['code']]).toEqual([403, 'Forbidden']);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(calls).toBe(before);
  });

  it('submits nothing', async () => {
    const before = calls;
    for (const type of ['text/plain', 'application/json']) {
      const headers = { origin: 'https://evil.example', 'content-type': type };
      const call = { method: 'POST', headers, body: '{"base":"fedora"}' };
      expect((await gateway.call('/api/v1/inspect', call)).status).toBe(403);
    }
    expect(calls).toBe(before);
  });
});

it.each([
  ['GET', '/nothing/here?a=1&a=2', 404, { a: '1' }],
  ['POST', '/system/info', 404, {}],
  ['GET', '/async-function/submit', 404, {}],
  ['GET', '/function/', 404, {}],
  ['GET', '/api/v1/%zz', 400, {}],
])('%s %s is refused in JSON', async (method, path, status, parameters) => {
  const answer = await gateway.call(path, { method });
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(answer.json()).toMatchObject({ parameters });
  expect(Object.keys(answer.json()).sort()).toEqual(['code', 'error', 'parameters']);
  expect(answer.text).not.toMatch(/ {4}at |node_modules|<html/i);
});

/** What a raw connection is answered. */
async function talk(text: string): Promise<string> {
  const socket = connect(gateway.port, '127.0.0.1');
  await once(socket, 'connect');
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  socket.on('error', () => undefined);
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

describe('what is no HTTP', () => {
  it.each([
    ['nonsense', 'hello there\r\n\r\n', '400 Bad Request'],
    ['no Host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', '40[03] '],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      '400 ',
    ],
    [
      'length and chunks',
      'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '400 ',
    ],
    [
      'endless headers',
      `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`,
      '431 ',
    ],
  ])('is refused: %s', async (_, text, status) => {
    const answer = await talk(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status}`));
    expect(answer).not.toMatch(/ {4}at |<html/i);
  });

  it('does no harm to others', async () => {
    expect((await gateway.call('/healthz')).status).toBe(200);
  });
});
