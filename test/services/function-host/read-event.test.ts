import { gzipSync } from 'node:zlib';
import { CallableHandler } from './callable-handler.js';

const fn = new CallableHandler();
beforeAll(() => fn.open({ maxBodyBytes: 1000, execTimeoutMs: 60_000 }));
afterAll(() => fn.served.close());

describe('the event', () => {
  it('has the body as a Buffer, whatever the content-type', async () => {
    for (const type of ['application/json', 'application/cloudevents+json', 'text/plain', 'a/b']) {
      const { body, headers } = await fn.eventOf('/', {
        headers: { 'content-type': type },
        body: '{"a',
      });
      expect(Buffer.isBuffer(body)).toBe(true);
      expect(String(body)).toBe('{"a');
      expect(headers['content-type']).toBe(type);
    }
  });

  it('has content-type text/plain where none was sent', async () => {
    const { headers, body } = await fn.eventOf('/', { body: 'x' });
    expect(headers['content-type']).toBe('text/plain');
    expect(String(body)).toBe('x');
  });

  it('has no body where none was sent, and an empty one where it is empty', async () => {
    expect((await fn.eventOf('/', { method: 'GET' })).body).toBeUndefined();
    expect((await fn.eventOf('/', { method: 'POST', body: '' })).body).toEqual(Buffer.alloc(0));
  });

  it('has no body where the content-type is no media type', async () => {
    const { body } = await fn.eventOf('/', { headers: { 'content-type': 'nonsense' }, body: 'x' });
    expect(body).toBeUndefined();
  });

  it('has binary bodies unharmed', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    expect((await fn.eventOf('/', { body: bytes })).body).toEqual(bytes);
  });

  it('has compressed bodies inflated', async () => {
    const headers = { 'content-encoding': 'gzip' };
    const { body } = await fn.eventOf('/', { headers, body: gzipSync('hello') });
    expect(String(body)).toBe('hello');
  });

  it.each([
    ['/', '/', {}],
    ['/a/b%20c/?x=1', '/a/b%20c/', { x: '1' }],
    ['/?x=1&x=2&y', '/', { x: ['1', '2'], y: '' }],
    ['/?a[b]=c&d=%F0%9F%90%BF&e=1+2', '/', { 'a[b]': 'c', d: '🐿', e: '1 2' }],
    ['/?__proto__=x', '/', { ['__proto__']: 'x' }],
  ])('of %s has the path and the flat query', async (target, path, query) => {
    const event = await fn.eventOf(target, { method: 'GET' });
    expect(event.path).toBe(path);
    expect(Object.entries(event.query)).toEqual(Object.entries(query));
    expect(event.method).toBe('GET');
  });
});
