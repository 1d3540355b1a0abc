import { once } from 'node:events';
import { createServer } from 'node:net';
import { SUBJECTS, type AmunEvent } from '../../../shared/events/event.js';
import { serveHandler, type ServedHandler } from '../function-host/serve-handler.js';
import { waitUntil } from '../../wait-until.js';
import { openGateway, type OpenGateway } from './open-gateway.js';

const served: ServedHandler[] = [];
let gateway: OpenGateway;

async function serve(name: string): Promise<string> {
  const handler = await serveHandler((event) =>
    Promise.resolve(`${name} ${event.method} ${event.path} ${JSON.stringify(event.query)}`),
  );
  served.push(handler);
  return handler.url;
}

beforeAll(async () => {
  const functions = { submit: await serve('submit'), status: await serve('status') };
  gateway = await openGateway({ functions });
});
afterAll(async () => {
  await gateway.close();
  for (const each of served) await each.close();
});

const JSON_TYPE = { 'content-type': 'application/json' };

describe('/api/v1', () => {
  it.each([
    ['POST', '/inspect?force=true', 'submit POST /inspect {"force":"true"}'],
    ['POST', '/inspect/inspection-1/cancel', 'submit POST /inspect/inspection-1/cancel {}'],
    ['POST', '/_debug/generate-dockerfile', 'submit POST /_debug/generate-dockerfile {}'],
    ['GET', '/inspect?page=2&limit=5', 'status GET /inspect {"page":"2","limit":"5"}'],
    ['GET', '/inspect/a%2Fb/job/0/log', 'status GET /inspect/a%2Fb/job/0/log {}'],
    ['GET', '/version', 'status GET /version {}'],
    ['GET', '//inspect//', 'status GET /inspect {}'],
    [
      'GET',
      '/inspect/inspection-1/status?x=1',
      'status GET /inspect/inspection-1/status {"x":"1"}',
    ],
  ])('%s %s goes to %s', async (method, path, expected) => {
    const { status, text } = await gateway.call(`/api/v1${path}`, { method });
    expect([status, text]).toEqual([200, expected]);
  });

  it.each([
    ['PUT', '/inspect', 'GET, HEAD, POST, OPTIONS'],
    ['PATCH', '/inspect', 'GET, HEAD, POST, OPTIONS'],
    ['TRACE', '/inspect?page=1', 'GET, HEAD, POST, OPTIONS'],
    ['PROPFIND', '/inspect', 'GET, HEAD, POST, OPTIONS'],
    ['QUERY', '/version', 'GET, HEAD, OPTIONS'],
    ['POST', '/inspect/inspection-1/status', 'GET, HEAD, OPTIONS'],
    ['GET', '/inspect/inspection-1/cancel', 'POST, OPTIONS'],
    ['DELETE', '/events', 'GET, HEAD, OPTIONS'],
  ])('knows no %s %s, and says what it knows', async (method, path, allow) => {
    const { status, headers, json } = await gateway.call(`/api/v1${path}`, { method });
    expect([status, json()['code']]).toEqual([405, 'MethodNotAllowed']);
    expect(headers['allow']).toBe(allow);
  });

  it('answers OPTIONS with what is allowed, and lets nobody else in', async () => {
    const call = { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } };
    const { status, headers, text } = await gateway.call('/api/v1/inspect', call);
    expect([status, text, headers['allow']]).toEqual([204, '', 'GET, HEAD, POST, OPTIONS']);
    expect(Object.keys(headers).join()).not.toContain('access-control');
  });

  it.each([
    ['/no/such/thing/', '/'],
    ['/inspect/inspection-1/staus', '/inspect/{id}/status'],
  ])('knows nothing at %s, and says what is near', async (path, hint) => {
    const { status, json } = await gateway.call(`/api/v1${path}`);
    expect([status, json()['code']]).toEqual([404, 'NotFound']);
    expect(json()['error']).toContain(`did you mean ${hint}`);
  });

  it.each(['/inspect?x=%zz', '/inspect?x=%E0%A4', '/inspect/%c0%ae/status'])(
    'refuses the percent-encoding of %s',
    async (path) => {
      const { status, json } = await gateway.call(`/api/v1${path}`);
      expect([status, json()['code']]).toEqual([400, 'InvalidRequest']);
    },
  );

  it.each(['application/json', 'application/json; charset=utf-8', 'application/cloudevents+json'])(
    'takes a body that is %s',
    async (type) => {
      const headers = { 'content-type': type };
      const call = { method: 'POST', headers, body: '{}' };
      expect((await gateway.call('/api/v1/inspect', call)).status).toBe(200);
    },
  );

  it('takes a body that does not say what it is', async () => {
    const call = { method: 'POST', body: '{}' };
    expect((await gateway.call('/api/v1/inspect', call)).status).toBe(200);
  });

  it.each([
    ['application/x-www-form-urlencoded', 'application/json'],
    ['text/plain', 'application/json'],
    ['application/yaml', 'command line client'],
    ['nonsense', 'application/json'],
  ])('refuses a body that is %s, saying what to send', async (type, sentence) => {
    const call = { method: 'POST', headers: { 'content-type': type }, body: 'base: fedora:40' };
    const { status, json } = await gateway.call('/api/v1/inspect', call);
    expect([status, json()['code']]).toEqual([415, 'UnsupportedMediaType']);
    expect(json()['error']).toContain(sentence);
  });

  it('takes 1 MiB and refuses a byte more, also where the client sends on and on', async () => {
    const limit = 1024 * 1024;
    const exact = { method: 'POST', headers: JSON_TYPE, body: Buffer.alloc(limit, ' ') };
    expect((await gateway.call('/api/v1/inspect', exact)).status).toBe(200);
    for (const size of [limit + 1, 2 * limit, 16 * limit]) {
      const body = Buffer.alloc(size, ' ');
      const call = { method: 'POST', headers: JSON_TYPE, body };
      const { status, json } = await gateway.call('/api/v1/inspect?x=1', call);
      expect([status, json()['code']]).toEqual([413, 'TooLarge']);
      expect(json()['parameters']).toEqual({ x: '1' });
    }
  });

  it('lists its paths', async () => {
    const { json } = await gateway.call('/api/v1');
    expect(json()['paths']).toContain('POST /api/v1/inspect');
  });

  it('is told from what merely looks like it', async () => {
    expect((await gateway.call('/%61pi/v1/inspect')).status).toBe(404);
    expect((await gateway.call('/api/v2/inspect')).status).toBe(404);
  });

  it('says that a function is down, when it stays so', async () => {
    const port = await closedPort();
    const down = await openGateway({ functions: { status: `http://127.0.0.1:${port}` } });
    try {
      const { status, headers, json } = await down.call('/api/v1/inspect?page=1');
      expect([status, json()['code']]).toEqual([503, 'Unavailable']);
      expect(headers['retry-after']).toBeDefined();
      expect(json()).toMatchObject({ parameters: { page: '1' } });
      const about = await down.call('/api/v1/inspect/inspection-1/job/7/log');
      expect(about.json()['parameters']).toEqual({ inspection_id: 'inspection-1', item: 7 });
      const missing = await down.call('/api/v1/inspect', { method: 'POST' });
      expect([missing.status, missing.json()['code']]).toEqual([503, 'Unavailable']);
    } finally {
      await down.close();
    }
  });
});

/** A port where nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

describe('/api/v1/events', () => {
  it('shows events as they happen, until the client goes or the gateway ends', async () => {
    const own = await openGateway();
    try {
      const leaving = new AbortController();
      const { signal } = leaving;
      const response = await fetch(`${own.url}/api/v1/events`, { signal });
      expect(response.headers.get('content-type')).toBe('application/x-ndjson');
      const seen: string[] = [];
      const reading = collect(response, seen);
      const staying = await fetch(`${own.url}/api/v1/events`);
      const all: string[] = [];
      const readingAll = collect(staying, all);

      await waitUntil(async () => {
        await own.bus.publish(anEvent());
        return seen.join('').includes('\n') && all.join('').includes('\n');
      });
      const [first = ''] = seen.join('').split('\n');
      expect(JSON.parse(first)).toMatchObject({ type: 'amun.job.complete', source: '/test' });
      leaving.abort();
      await expect(reading).rejects.toThrow();
      own.stop();
      await readingAll;
      expect(all.join('').endsWith('\n')).toBe(true);
    } finally {
      await own.close();
    }
  });
});

async function collect(response: Response, into: string[]): Promise<void> {
  for await (const chunk of response.body!) into.push(Buffer.from(chunk as Uint8Array).toString());
}

let count = 0;

function anEvent(): AmunEvent {
  count += 1;
  return {
    specversion: '1.0',
    id: `event-${count}`,
    type: SUBJECTS.jobComplete,
    source: '/test',
    subject: 'inspection-1',
    time: new Date(0).toISOString(),
    datacontenttype: 'application/json',
    data: {},
  };
}
