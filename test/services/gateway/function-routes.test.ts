import { serveHandler, type ServedHandler } from '../function-host/serve-handler.js';
import { openGateway, type OpenGateway } from './open-gateway.js';

let echo: ServedHandler;
let gateway: OpenGateway;

beforeAll(async () => {
  echo = await serveHandler((event, context) => {
    const { method, path, query, headers, body } = event;
    const text = Buffer.isBuffer(body) ? body.toString('base64') : null;
    context
      .status(method === 'PUT' ? 409 : 201)
      .headers({ 'content-type': 'application/json', 'x-own': 'yes' })
      .succeed({ method, path, query, headers, body: text });
    return Promise.resolve();
  });
  gateway = await openGateway({ functions: { echo: echo.url, lost: 'http://127.0.0.1:1' } });
});
afterAll(async () => {
  await gateway.close();
  await echo.close();
});

describe('/function', () => {
  it.each([
    ['/function/echo', '/', {}],
    ['/function/echo.openfaas-fn', '/', {}],
    ['/function/echo/', '/', {}],
    ['/function/echo/a/b%20c?x=1&x=2', '/a/b%20c', { x: ['1', '2'] }],
    ['/function/echo.openfaas-fn/a/?y=%2F', '/a/', { y: '/' }],
    ['/function/echo?z', '/', { z: '' }],
  ])('%s strips its prefix and leaves the rest alone', async (target, path, query) => {
    const { status, headers, json } = await gateway.call(target);
    expect(status).toBe(201);
    expect(headers['x-own']).toBe('yes');
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(json()).toMatchObject({ method: 'GET', path, query, body: null });
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('hands over any body, by %s', async (method) => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const { status, json } = await gateway.call('/function/echo', { method, body: bytes });
    expect(status).toBe(method === 'PUT' ? 409 : 201);
    expect(json()).toMatchObject({ method, body: bytes.toString('base64') });
  });

  it.each([undefined, 'text/plain', 'application/cloudevents+json', 'application/json'])(
    'takes content-type %s',
    async (type) => {
      const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
      const { json } = await gateway.call('/function/echo', { method: 'POST', headers, body: '{' });
      expect(json()).toMatchObject({
        headers: { 'content-type': type ?? 'text/plain' },
        body: Buffer.from('{').toString('base64'),
      });
    },
  );

  it('marks the call, and says how long it took', async () => {
    const { headers, json } = await gateway.call('/function/echo');
    const seen = json()['headers'] as Record<string, string>;
    expect(headers['x-call-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(seen['x-call-id']).toBe(headers['x-call-id']);
    expect(headers['x-start-time']).toMatch(/^\d{19}$/);
    expect(seen['x-start-time']).toBe(headers['x-start-time']);
    expect(Number(headers['x-duration-seconds'])).toBeGreaterThan(0);
    expect(seen['x-forwarded-host']).toBe(`127.0.0.1:${gateway.port}`);
    expect(seen['host']).toBe(`127.0.0.1:${echo.port}`);
  });

  it('keeps the caller\u2019s own X-Call-Id where it is a sane one', async () => {
    const given = await gateway.call('/function/echo', { headers: { 'x-call-id': 'mine-1' } });
    expect(given.headers['x-call-id']).toBe('mine-1');
    const odd = await gateway.call('/function/echo', { headers: { 'x-call-id': 'a b; c' } });
    expect(odd.headers['x-call-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('reaches the function from an allowed host and its own pages, too', async () => {
    const headers = { host: 'amun.example', origin: 'http://amun.example' };
    expect((await gateway.call('/function/echo', { headers })).status).toBe(201);
  });

  it('answers 503 for an unknown function, as OpenFaaS does', async () => {
    const { status, headers, json } = await gateway.call('/function/nobody?a=b');
    expect(status).toBe(503);
    expect(headers['retry-after']).toBeDefined();
    expect(json()).toMatchObject({ code: 'Unavailable', parameters: { a: 'b' } });
    expect(json()['error']).toContain('"nobody"');
  });

  it('counts', async () => {
    await gateway.call('/function/echo');
    const { text } = await gateway.call('/metrics');
    expect(text).toMatch(
      /gateway_function_invocation_total\{function_name="echo\.openfaas-fn",code="201"\} \d+/,
    );
    expect(text).toMatch(
      /amun_gateway_requests_total\{route="\/function\/:name",method="GET",status="201"\} \d+/,
    );
    expect(text).toMatch(
      /gateway_functions_seconds_count\{function_name="echo\.openfaas-fn"\} \d+/,
    );
  });
});

describe('/async-function', () => {
  it('puts the call on the bus and answers 202', async () => {
    const { status, headers, text } = await gateway.call('/async-function/echo.openfaas-fn/a?b=c', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"x":1}',
    });
    expect([status, text]).toEqual([202, '']);
    const message = gateway.bus.messages.at(-1)!;
    expect(message.subject).toBe('amun.async.echo');
    expect(Buffer.from(message.body).toString()).toBe('{"x":1}');
    expect(message.headers).toEqual({
      'X-Path': '/a?b=c',
      'X-Call-Id': headers['x-call-id'],
      'X-Start-Time': headers['x-start-time'],
      'Content-Type': 'application/json',
    });
  });

  it('takes a call once, however often it is sent under one X-Call-Id', async () => {
    const before = gateway.bus.messages.length;
    const headers = { 'x-call-id': 'twice' };
    for (let i = 0; i < 2; i += 1) {
      const { status } = await gateway.call('/async-function/echo', { method: 'POST', headers });
      expect(status).toBe(202);
    }
    expect(gateway.bus.messages).toHaveLength(before + 1);
  });

  it('takes calls of other functions and paths for others, also under one X-Call-Id', async () => {
    const before = gateway.bus.messages.length;
    const headers = { 'x-call-id': 'shared' };
    for (const target of ['echo', 'lost', 'echo/a', 'echo/a?b=c']) {
      await gateway.call(`/async-function/${target}`, { method: 'POST', headers });
    }
    const stored = gateway.bus.messages.slice(before).map(({ subject }) => subject);
    const [echo, lost] = ['amun.async.echo', 'amun.async.lost'];
    expect(stored).toEqual([echo, lost, echo, echo]);
  });

  it('refuses what it cannot do', async () => {
    const before = gateway.bus.messages.length;
    const unknown = await gateway.call('/async-function/nobody', { method: 'POST' });
    expect([unknown.status, unknown.json()['code']]).toEqual([404, 'NotFound']);
    const headers = { 'x-callback-url': 'http://127.0.0.1/' };
    const callback = await gateway.call('/async-function/echo', { method: 'POST', headers });
    expect([callback.status, callback.json()['code']]).toEqual([400, 'InvalidRequest']);
    expect(gateway.bus.messages).toHaveLength(before);
  });

  it('says so while there is no bus', async () => {
    const alone = await openGateway({ functions: { echo: echo.url }, bus: () => undefined });
    try {
      const { status, json } = await alone.call('/async-function/echo', { method: 'POST' });
      expect([status, json()['code']]).toEqual([503, 'Unavailable']);
      expect((await alone.call('/function/echo')).status).toBe(201);
      expect((await alone.call('/healthz')).status).toBe(200);
      expect((await alone.call('/readiness')).status).toBe(503);
    } finally {
      await alone.close();
    }
  });
});
