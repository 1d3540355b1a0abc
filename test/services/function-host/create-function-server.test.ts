import { gzipSync } from 'node:zlib';
import type { FunctionContext } from '../../../shared/http/function-contract.js';
import { CallableHandler, type Handle } from './callable-handler.js';

const fn = new CallableHandler();
beforeAll(() => fn.open({ maxBodyBytes: 1000, execTimeoutMs: 60_000 }));
afterAll(() => fn.served.close());

describe('the answer', () => {
  it.each<[string, Handle, number, string | undefined, string]>([
    ['succeed with text', (_, c) => c.succeed('hi'), 200, 'text/html; charset=utf-8', 'hi'],
    ['a returned text', () => 'hi', 200, 'text/html; charset=utf-8', 'hi'],
    ['a returned object', () => ({ a: 1 }), 200, 'text/html; charset=utf-8', '{"a":1}'],
    ['a returned list', () => [1, 'b'], 200, 'text/html; charset=utf-8', '[1,"b"]'],
    ['a number', () => 5, 200, 'application/json; charset=utf-8', '5'],
    ['a boolean', () => false, 200, 'application/json; charset=utf-8', 'false'],
    ['a Buffer', () => Buffer.from('hi'), 200, 'application/octet-stream', 'hi'],
    ['null', () => null, 200, undefined, ''],
    ['nothing', () => undefined, 200, undefined, ''],
    [
      'a class instance',
      () => new Date(0),
      200,
      'application/json; charset=utf-8',
      '"1970-01-01T00:00:00.000Z"',
    ],
    ['a status', (_, c) => c.status(404).succeed('no'), 404, 'text/html; charset=utf-8', 'no'],
    [
      'status and return',
      (_, c) => (c.status(201), 'made'),
      201,
      'text/html; charset=utf-8',
      'made',
    ],
    ['205', (_, c) => c.status(205).succeed('ignored'), 205, 'text/html; charset=utf-8', ''],
    [
      'bytes of a text type',
      (_, c) => c.headers({ 'content-type': 'application/json' }).succeed(Buffer.from('{}')),
      200,
      'application/json; charset=utf-8',
      '{}',
    ],
    ['204', (_, c) => c.status(204).succeed('ignored'), 204, undefined, ''],
    [
      'a content-type',
      (_, c) => c.headers({ 'Content-Type': 'application/json' }).succeed('{}'),
      200,
      'application/json; charset=utf-8',
      '{}',
    ],
    [
      'a content-type with another charset',
      (_, c) => c.headers({ 'content-type': 'text/plain; charset=latin1' }).succeed('ä'),
      200,
      'text/plain; charset=utf-8',
      'ä',
    ],
    [
      'what was said first',
      (_, c) => {
        c.status(202).succeed('first');
        return 'second';
      },
      202,
      'text/html; charset=utf-8',
      'first',
    ],
  ])('to %s is as the template gives it', async (_, handler, status, type, text) => {
    fn.handle = handler;
    expect(await fn.call()).toMatchObject({ status, type, text });
  });

  it('carries the handler\u2019s headers, the last ones set', async () => {
    fn.handle = (_, c) => c.headers({ 'x-a': '1' }).headers({ 'x-b': '2' }).succeed('');
    const { headers } = await fn.call();
    expect(headers['x-b']).toBe('2');
    expect(headers['x-a']).toBeUndefined();
    expect(Number(headers['x-duration-seconds'])).toBeGreaterThan(0);
  });

  it('has no body for HEAD, but its length', async () => {
    fn.handle = () => 'four';
    const { headers, text } = await fn.call('/', { method: 'HEAD' });
    expect(text).toBe('');
    expect(headers['content-length']).toBe('4');
  });
});

describe('a failure', () => {
  const boom = () => {
    throw new Error('boom');
  };

  it('that is thrown answers 200 with the text, as in the template', async () => {
    fn.handle = boom;
    expect(await fn.call()).toMatchObject({ status: 200, text: 'Error: boom' });
    expect(fn.served.logged.at(-1)).toContain('boom');
  });

  it('that is thrown keeps a status that was set, and loses the headers', async () => {
    fn.handle = (_, c) => {
      c.status(418).headers({ 'x-a': '1' });
      boom();
    };
    const { status, headers, text } = await fn.call();
    expect({ status, text }).toEqual({ status: 418, text: 'Error: boom' });
    expect(headers['x-a']).toBeUndefined();
  });

  it('told by fail() answers 500 unless another status was set', async () => {
    type Failing = FunctionContext & { fail(value?: unknown): unknown };
    fn.handle = (_, c) => (c.headers({ 'x-a': '1' }) as Failing).fail(new Error('no'));
    const first = await fn.call();
    expect(first).toMatchObject({ status: 500, text: 'Error: no' });
    expect(first.headers['x-a']).toBeUndefined();
    fn.handle = (_, c) => (c.status(409) as Failing).fail('taken');
    expect(await fn.call()).toMatchObject({ status: 409, text: 'taken' });
    fn.handle = (_, c) => (c as Failing).fail({ a: 1 });
    expect(await fn.call()).toMatchObject({ status: 500, text: '[object Object]' });
  });

  it.each<[string, Handle]>([
    ['status', (_, c) => c.status(42).succeed('')],
    ['status', (_, c) => c.status(1.5).succeed('')],
    ['header', (_, c) => c.headers({ 'x-a': 'b\r\nx-evil: 1' }).succeed('')],
    ['header', (_, c) => c.headers({ 'bad name': 'b' }).succeed('')],
  ])('to make a valid answer (%s) is a 500', async (_, handler) => {
    fn.handle = handler;
    const { status, headers, text } = await fn.call();
    expect(status).toBe(500);
    expect(JSON.parse(text)).toMatchObject({ code: 'Internal', parameters: {} });
    expect(headers['x-evil']).toBeUndefined();
  });

  it('to answer in time is a 504, and what comes later is lost', async () => {
    const hasty = new CallableHandler();
    await hasty.open({ execTimeoutMs: 150 });
    let sayLate: () => void = () => undefined;
    hasty.handle = (_, c) =>
      new Promise<void>((resolve) => (sayLate = () => resolve(void c.succeed('late'))));
    const { status, text } = await hasty.call();
    expect(status).toBe(504);
    expect(JSON.parse(text)).toMatchObject({ code: 'TimedOut' });
    sayLate();
    await hasty.served.close();
  });
});

describe('a request that is refused', () => {
  it('is one that is too large, by any kind of counting', async () => {
    fn.handle = () => 'taken';
    const large = 'x'.repeat(1001);
    const { status, text } = await fn.call('/', { body: large });
    expect(status).toBe(413);
    expect(JSON.parse(text)).toMatchObject({ code: 'TooLarge', parameters: {} });
    expect((await fn.call('/', { body: 'x'.repeat(1000) })).status).toBe(200);
    const headers = { 'content-encoding': 'gzip' };
    expect((await fn.call('/', { headers, body: 'no gzip' })).status).toBe(400);
    expect((await fn.call('/', { headers, body: gzipSync(Buffer.alloc(2000)) })).status).toBe(413);
  });

  it('is one in an unknown encoding', async () => {
    const { status } = await fn.call('/', { headers: { 'content-encoding': 'zip' }, body: 'x' });
    expect(status).toBe(415);
  });

  it.each([[{ host: 'evil.example' }], [{ origin: 'https://evil.example' }], [{ origin: 'null' }]])(
    'is one of a web page or a rebound name: %j',
    async (headers) => {
      let called = false;
      fn.handle = () => (called = true);
      expect((await fn.call('/', { headers })).status).toBe(403);
      expect((await fn.call('/_/health', { headers })).status).toBe(403);
      expect(called).toBe(false);
    },
  );
});

it('says that it is well', async () => {
  fn.handle = () => 'not asked';
  expect(await fn.call('/_/health', { method: 'GET' })).toMatchObject({ status: 200, text: 'OK' });
});
