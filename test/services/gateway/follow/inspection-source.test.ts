import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openGateway, type OpenGateway } from '../open-gateway.js';
import { EVENTS } from './open-live.js';

describe('following where the function gives no answer that can be read', () => {
  let server: Server;
  let gateway: OpenGateway;
  afterEach(async () => {
    await gateway.close();
    server.close();
  });

  it.each<[string, RequestListener]>([
    [
      'dies in its answer',
      (_request, response) => {
        response.writeHead(200, { 'content-length': 100 });
        response.write('{"phase":', () => response.destroy());
      },
    ],
    ['sends no JSON', (_request, response) => response.end('<html>')],
    ['sends nothing', (_request, response) => response.writeHead(500).end()],
    ['sends no object', (_request, response) => response.end('null')],
  ])('is unavailable where it %s', async (_what, listener) => {
    server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    gateway = await openGateway({ functions: { status: `http://127.0.0.1:${port}` } });
    const answer = await gateway.call(EVENTS);
    expect([answer.status, answer.json()['code']]).toEqual([503, 'Unavailable']);
  });
});
