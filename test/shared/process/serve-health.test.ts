import { get } from 'node:http';
import { serveHealth, type Health } from '../../../shared/process/serve-health.js';

const stop = new AbortController();
afterAll(() => stop.abort());

async function ask(port: number, path: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    // Another address than the default one: what listens on 127.0.0.1 alone does not answer here.
    get({ host: '127.0.0.2', port, path, headers: { host }, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    }).on('error', reject);
  });
}

describe('serveHealth', () => {
  it('tells probes by address whether the service works, and whether it answers at all', async () => {
    const health: Health = { ready: false, detail: 'starting' };
    const options = { host: '0.0.0.0', port: 0, signal: stop.signal, allowedHosts: [] };
    const port = await serveHealth(health, options);
    const kubelet = `10.123.0.7:${port}`;

    expect(await ask(port, '/healthz', kubelet)).toBe(503);
    expect(await ask(port, '/liveness', kubelet)).toBe(200);
    health.ready = true;
    expect(await ask(port, '/healthz', kubelet)).toBe(200);
    expect(await ask(port, '/metrics', kubelet)).toBe(200);
    expect(await ask(port, '/healthz', 'rebound.example')).toBe(403);
    expect(await ask(port, '/', `127.0.0.1:${port}`)).toBe(404);
  });
});
