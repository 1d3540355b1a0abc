import fc from 'fast-check';
import { AmunError } from '../../../shared/errors/amun-error.js';
import { ERROR_CATALOGUE, type ErrorCode } from '../../../shared/errors/catalogue.js';
import { createHandler, type Request } from '../../../shared/http/create-handler.js';
import type { FunctionContext, FunctionEvent } from '../../../shared/http/function-contract.js';
import { answer, answerText, type Answer } from '../../../shared/http/respond.js';
import { createLog } from '../../../shared/log/create-log.js';

const log = createLog('test', 'silent');
const EVENT: FunctionEvent = { body: undefined, headers: {}, method: 'GET', query: {}, path: '/' };

/** What the template would send. */
interface Sent {
  status?: number;
  headers?: Record<string, string>;
  text?: unknown;
}

async function handle(
  event: Partial<Record<keyof FunctionEvent, unknown>>,
  serve: (request: Request) => Promise<Answer>,
): Promise<Sent> {
  const sent: Sent = {};
  const context: FunctionContext = {
    status: (code) => ((sent.status = code), context),
    headers: (headers) => ((sent.headers = headers), context),
    succeed: (value) => ((sent.text = value), 'what succeed returns'),
  };
  const returned = await createHandler(serve, log)(event as FunctionEvent, context);
  expect(returned).toBe('what succeed returns');
  return sent;
}

/** The request that a use case sees. */
async function seen(event: Partial<Record<keyof FunctionEvent, unknown>>): Promise<Request> {
  let request: Request | undefined;
  await handle({ ...EVENT, ...event }, (given) => {
    request = given;
    return Promise.resolve(answer(200, {}));
  });
  return request!;
}

describe('createHandler', () => {
  it('sends an answer as JSON', async () => {
    const sent = await handle(EVENT, () => Promise.resolve(answer(202, { a: 1 }, { 'x-a': 'b' })));
    expect(sent).toEqual({
      status: 202,
      headers: { 'content-type': 'application/json; charset=utf-8', 'x-a': 'b' },
      text: '{"a":1}',
    });
  });

  it('sends plain text as it is', async () => {
    const sent = await handle(EVENT, () => Promise.resolve(answerText(200, 'hello')));
    expect(sent).toMatchObject({
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      text: 'hello',
    });
  });

  it.each(Object.keys(ERROR_CATALOGUE) as ErrorCode[])(
    'answers %s by the catalogue',
    async (code) => {
      const { status, retryable } = ERROR_CATALOGUE[code];
      const details = [{ pointer: '/a', message: 'Write b.' }];
      const sent = await handle({ ...EVENT, query: { page: '1' } }, () =>
        Promise.reject(new AmunError(code, 'What to do.', { details })),
      );
      expect(sent.status).toBe(status);
      expect(JSON.parse(sent.text as string)).toEqual({
        error: 'What to do.',
        parameters: { page: '1' },
        code,
        details,
      });
      expect(sent.headers?.['retry-after']).toBe(retryable && status !== 500 ? '5' : undefined);
    },
  );

  it.each([
    ['an error', new TypeError('secret')],
    ['a string', 'secret'],
    ['nothing', undefined],
  ])('answers 500 without its words where %s is thrown', async (_, thrown) => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as others may
    const sent = await handle(EVENT, () => Promise.reject(thrown));
    expect(sent.status).toBe(500);
    expect(sent.text).not.toContain('secret');
    expect(JSON.parse(sent.text as string)).toMatchObject({ code: 'Internal', parameters: {} });
  });

  it('answers 500 where the use case throws before it promises anything', async () => {
    const sent = await handle(EVENT, () => {
      throw new Error('at once');
    });
    expect(sent.status).toBe(500);
  });

  it.each([
    ['', '/'],
    ['/', '/'],
    ['//', '/'],
    ['inspect', '/inspect'],
    ['/inspect/', '/inspect'],
    ['//inspect///x//', '/inspect/x'],
    ['/a%2Fb/..', '/a%2Fb/..'],
  ])('reads the path %j as %j', async (path, expected) => {
    expect((await seen({ path })).path).toBe(expected);
  });

  it.each<[string, unknown, string]>([
    ['a Buffer', Buffer.from('abc'), 'abc'],
    ['bytes', new Uint8Array([97]), 'a'],
    ['a string', 'abc', 'abc'],
    ['parsed JSON', { a: 1 }, '{"a":1}'],
    ['an array', [1], '[1]'],
    ['nothing', undefined, ''],
    ['null', null, ''],
    ['what Express makes of nothing', {}, ''],
  ])('reads %s as a body', async (_, body, expected) => {
    expect(Buffer.from((await seen({ body })).body).toString()).toBe(expected);
  });

  it('reads the first of repeated parameters, and no other types', async () => {
    const query = JSON.parse('{"a":["1","2"],"b":{"c":1},"__proto__":"p","d":"e"}') as object;
    const request = await seen({ query, headers: { accept: ['x', 'y'], none: undefined } });
    expect(Object.entries(request.query)).toEqual([
      ['a', '1'],
      ['__proto__', 'p'],
      ['d', 'e'],
    ]);
    expect(request.headers).toEqual({ accept: 'x' });
  });

  it.each(['body', 'headers', 'method', 'query', 'path'])('does without %s', async (field) => {
    const sent = await handle({ ...EVENT, [field]: undefined }, ({ method, path }) =>
      Promise.resolve(answer(200, { method, path })),
    );
    expect(sent).toMatchObject({ status: 200, text: '{"method":"GET","path":"/"}' });
  });

  it('never throws, whatever comes in and whatever is thrown', async () => {
    const event = fc.record({
      body: fc.anything(),
      headers: fc.dictionary(fc.string(), fc.anything()),
      method: fc.string(),
      query: fc.dictionary(fc.string(), fc.anything()),
      path: fc.string(),
    });
    await fc.assert(
      fc.asyncProperty(event, fc.anything(), async (given, thrown) => {
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as others may
        const sent = await handle(given, () => Promise.reject(thrown));
        expect(sent.status).toBe(500);
      }),
      { numRuns: 200 },
    );
  });
});
