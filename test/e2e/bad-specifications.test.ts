import { isDeepStrictEqual } from 'node:util';
import { BAD_SPECIFICATIONS } from '../shared/inspection/bad-specifications.js';
import { requireTools } from '../require-tools.js';
import { ask } from './inspect.js';
import { readEvents } from './stack-events.js';
import { startStack, type Stack } from './start-stack.js';

/** Bodies that are no JSON document, or none of a specification's size. */
const BAD_BODIES: readonly (readonly [string, string | Uint8Array, number])[] = [
  ['nothing', '', 400],
  ['half an object', '{"base": "busybox"', 400],
  ['a trailing comma', '{"base": "busybox",}', 400],
  ['YAML', 'base: busybox\n', 400],
  ['an array', '[]', 400],
  ['null', 'null', 400],
  ['bytes that are no UTF-8', new Uint8Array([0x22, 0xff, 0xfe, 0x22]), 400],
  ['a NUL', '{"base": "busy\0box"}', 400],
  ['two documents', '{"base": "a"}{"base": "b"}', 400],
  ['a hundred thousand brackets', '['.repeat(100_000), 400],
  ['2 MB', JSON.stringify({ base: 'busybox', script: 'x'.repeat(2_000_000) }), 413],
];

requireTools(['podman', 'nats-server'])('nonsense', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack();
  }, 300_000);

  afterAll(() => stack.stop(), 240_000);

  const post = async (body: string | Uint8Array, type = 'application/json') => {
    const response = await fetch(`${stack.url}/api/v1/inspect`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it.each(BAD_BODIES)('%s is refused with a sentence', async (_, body, status) => {
    const refused = await post(body);
    expect(refused.status).toBe(status);
    expect(String(refused.body['error']).length).toBeGreaterThan(15);
    expect(refused.body).toHaveProperty('code');
  });

  const sendable = BAD_SPECIFICATIONS.flatMap(([name, fields]) => {
    const whole: unknown =
      typeof fields === 'object' && fields !== null && !Array.isArray(fields)
        ? { base: 'fedora:40', ...fields }
        : fields;
    const body = JSON.stringify(whole) as string | undefined;
    // Some can only be said in JavaScript.
    const isJson = body !== undefined && isDeepStrictEqual(JSON.parse(body), whole);
    return isJson ? [[name, body] as const] : [];
  });

  it('knows at least fifty bad specifications', () => {
    expect(sendable.length).toBeGreaterThanOrEqual(50);
  });

  it.each(sendable)('%s is refused with a pointer to what is wrong', async (_, sent) => {
    const { status, body } = await post(sent);
    expect([400, 413]).toContain(status);
    expect(String(body['error']).length).toBeGreaterThan(15);
    if (status === 400) expect(body['details']).not.toHaveLength(0);
  });

  it.each([
    ['text/plain', 415],
    ['application/yaml', 415],
    ['multipart/form-data; boundary=x', 415],
  ])('%s is refused as a content type', async (type, status) => {
    expect((await post('{"base": "busybox"}', type)).status).toBe(status);
  });

  it.each([
    '/inspect/inspection-0000000000000000/status',
    '/inspect/..%2f..%2fetc%2fpasswd/status',
    '/inspect/$(reboot)/status',
    '/inspect/__proto__/status',
    '/inspect/inspection-0000000000000000/job/-1/result',
    '/inspect/inspection-0000000000000000/constructor',
    '/nowhere',
  ])('%s is not found', async (path) => {
    const { status, body } = await ask(stack, path);
    expect(status).toBe(404);
    expect(String(body['error']).length).toBeGreaterThan(10);
  });

  it.each(['page=0', 'page=-1', 'page=x', 'limit=0', 'limit=101', 'limit=1e9', 'page=1.5'])(
    'a list with %s is refused',
    async (query) => {
      expect((await ask(stack, `/inspect?${query}`)).status).toBe(400);
    },
  );

  it('a page of another site is refused', async () => {
    const foreign = { origin: 'https://elsewhere.example', 'content-type': 'application/json' };
    const response = await fetch(`${stack.url}/api/v1/inspect`, {
      method: 'POST',
      headers: foreign,
      body: '{"base": "busybox"}',
    });
    expect(response.status).toBe(403);
  });

  it('creates nothing', async () => {
    expect((await ask(stack, '/inspect')).body).toMatchObject({ inspections: [], total: 0 });
    expect(await readEvents(stack)).toEqual([]);
  });
});
