import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reachRegistry } from '../../../cli/doctor/reach-registry.js';

describe('reachRegistry', () => {
  let server: Server;
  let url: string;

  beforeEach(async () => {
    server = createServer((_request, response) => response.writeHead(401).end());
    server.on('connect', (request, socket) => {
      const { url: target, headers } = request;
      const known = headers['proxy-authorization'] === `Basic ${btoa('me:pass')}`;
      const answer = target === 'registry.test:443' && known ? '200 Go' : '403 No';
      socket.end(`HTTP/1.1 ${answer}\r\n\r\n`);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(() => void server.close());

  it('counts any answer', async () => {
    expect(await reachRegistry(undefined, url)).toBe(true);
  });

  it('counts none where nothing listens', async () => {
    server.close();
    await once(server, 'close');
    expect(await reachRegistry(undefined, url)).toBe(false);
  });

  it('goes through a proxy, with its credentials', async () => {
    const proxy = url.replace('http://', 'http://me:pass@');
    expect(await reachRegistry(proxy, 'https://registry.test')).toBe(true);
    expect(await reachRegistry(url, 'https://registry.test')).toBe(false);
    expect(await reachRegistry(proxy, 'https://elsewhere.test')).toBe(false);
  });
});
