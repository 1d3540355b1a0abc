import { parametersOf, route } from '../../../functions/submit/route.js';
import { createHandler } from '../../../shared/http/create-handler.js';
import { callFunction, expectRefusal, type Answered, type Call } from '../call-function.js';
import { checkFunctionAnswer } from '../../shared/api/check-function-answer.js';
import { openStage, type Stage } from '../../shared/lifecycle/open-stage.js';
import { runUntilQuiet } from '../../shared/lifecycle/run-until-quiet.js';

const SPECIFICATION = { base: 'fedora:40', labels: { a: '1', b: '2' } };
const DAY_MS = 24 * 3_600_000;

describe('submissions with an Idempotency-Key', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage({ maxInFlight: 2 });
  });
  afterEach(() => stage.close());

  async function call(request: Call): Promise<Answered> {
    const handler = createHandler(
      (asked) => route(() => Promise.resolve(stage.ports), asked),
      stage.ports.log,
      parametersOf,
    );
    const asked = { method: 'POST', path: '/inspect', ...request };
    const answered = await callFunction(handler, asked);
    checkFunctionAnswer(asked, answered);
    return answered;
  }
  const submitAs = (key: string, body: unknown = SPECIFICATION, call_: Call = {}) =>
    call({ headers: { 'idempotency-key': key }, body, ...call_ });
  const replayed = ({ headers }: Answered): unknown => headers['idempotency-replayed'];

  it('are accepted once, and answered the same', async () => {
    const first = await submitAs('k');
    expect([first.status, replayed(first)]).toEqual([202, undefined]);
    await runUntilQuiet(stage);
    // The same in other words.
    const again = await submitAs('k', {
      labels: { b: '2', a: '1' },
      batch_size: 1,
      base: 'fedora:40',
      '@created': 'x',
    });
    expect([again.status, again.body]).toEqual([202, first.body]);
    expect(replayed(again)).toBe('true');
    expect(await stage.records()).toHaveLength(1);
  });

  it('end in one inspection when they come at once', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => submitAs('k')));
    expect(new Set(all.map(({ text }) => text)).size).toBe(1);
    expect(all.filter((one) => replayed(one) === undefined)).toHaveLength(1);
    await runUntilQuiet(stage);
    expect(await stage.records()).toMatchObject([{ phase: 'succeeded' }]);
  });

  it.each<[string, unknown, Call]>([
    ['another specification', { ...SPECIFICATION, batch_size: 2 }, {}],
    ['another list', { ...SPECIFICATION, labels: { a: '1' } }, {}],
    ['force', SPECIFICATION, { query: { force: 'true' } }],
  ])('are refused for %s under the same key', async (_, body, other) => {
    await submitAs('k');
    expectRefusal(await submitAs('k', body, other), 422, 'IdempotencyKeyReused');
    expect(await stage.records()).toHaveLength(1);
  });

  it('keep what does not parse from the key', async () => {
    expectRefusal(await submitAs('k', { bas: 'x' }), 400, 'InvalidSpecification');
    expect((await submitAs('k')).status).toBe(202);
  });

  it('are new ones after a day', async () => {
    const first = await submitAs('k');
    stage.time += DAY_MS;
    const second = await submitAs('k');
    expect(replayed(second)).toBeUndefined();
    expect(second.body['inspection_id']).not.toBe(first.body['inspection_id']);
  });

  it('do not bring back what was deleted', async () => {
    const { body, text } = await submitAs('k');
    await runUntilQuiet(stage);
    const path = `/inspect/${String(body['inspection_id'])}`;
    expect((await call({ method: 'DELETE', path })).status).toBe(200);
    expect((await submitAs('k')).text).toBe(text);
    expect(await stage.records()).toEqual([]);
  });

  it.each(['a b', 'ä', 'x'.repeat(256)])('are refused where the key is %j', async (key) => {
    expectRefusal(await submitAs(key), 400, 'InvalidRequest');
    expect(await stage.records()).toEqual([]);
  });

  it('are answered as before while no more are accepted', async () => {
    const first = await submitAs('k');
    await submitAs('l', { base: 'debian:12' });
    const refused = await submitAs('m', { base: 'debian:11' });
    expectRefusal(refused, 429, 'TooManyRequests');
    expect(refused.headers['retry-after']).toBe('5');
    expectRefusal(await call({ body: SPECIFICATION }), 429, 'TooManyRequests');
    expect((await submitAs('k')).text).toBe(first.text);
    await runUntilQuiet(stage);
    // The key was not used up by the refusal.
    expect((await submitAs('m', { base: 'debian:11' })).status).toBe(202);
  });
});

describe('DELETE', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.close());

  it('is refused until the inspection has ended, and finds it once', async () => {
    const handler = createHandler(
      (asked) => route(() => Promise.resolve(stage.ports), asked),
      stage.ports.log,
      parametersOf,
    );
    const submitted = await callFunction(handler, { method: 'POST', body: SPECIFICATION });
    const id = submitted.body['inspection_id'] as string;
    const remove = async () => {
      const asked = { method: 'DELETE', path: `/inspect/${id}` };
      const answered = await callFunction(handler, asked);
      checkFunctionAnswer(asked, answered);
      return answered;
    };
    const early = await remove();
    expectRefusal(early, 409, 'NotFinished');
    expect(early.body['parameters']).toEqual({ inspection_id: id });
    await runUntilQuiet(stage);
    expect(await remove()).toMatchObject({
      status: 200,
      body: { inspection_id: id, parameters: { inspection_id: id } },
    });
    expectRefusal(await remove(), 404, 'NotFound');
  });
});
