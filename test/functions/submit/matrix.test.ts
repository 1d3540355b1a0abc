import { AmunError } from '../../../shared/errors/amun-error.js';
import { expectRefusal } from '../call-function.js';
import { openStage, type Stage } from '../../shared/lifecycle/open-stage.js';
import { failAt } from '../../shared/lifecycle/fail-at.js';
import { callSubmit } from './call-submit.js';

const REQUEST = {
  specification: { base: 'fedora:40', identifier: 'speed', script: '#!/bin/sh\necho 1\n' },
  variations: [
    { name: 'as it is', set: {} },
    { name: 'twice', set: { batch_size: 2, identifier: 'other' } },
    { set: { base: 'debian:12' } },
  ],
  labels: { study: 'x' },
};
const KEY = { 'idempotency-key': 'a-key' };

describe('POST /matrix', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.close());

  const post = (body: unknown, headers = {}, ports = stage.ports) =>
    callSubmit(ports, { path: '/matrix', body, headers });
  const idsOf = (body: Record<string, unknown>) =>
    (body['inspections'] as { inspection_id: string }[]).map((one) => one.inspection_id);
  async function expectNothing(): Promise<void> {
    expect((await stage.ports.store.index.list(1, 10)).total).toBe(0);
    expect(stage.bus.messages).toEqual([]);
  }

  it('submits an inspection for each variation', async () => {
    const { status, body } = await post(REQUEST);
    expect(status).toBe(202);
    const matrixId = body['matrix_id'];
    expect(body).toEqual({
      matrix_id: expect.stringMatching(/^matrix-speed-[0-9a-f]{16}$/) as string,
      inspections: [
        { name: 'as it is', inspection_id: expect.stringMatching(/^inspection-speed-/) as string },
        { name: 'twice', inspection_id: expect.stringMatching(/^inspection-other-/) as string },
        {
          name: 'variation-2',
          inspection_id: expect.stringMatching(/^inspection-speed-/) as string,
        },
      ],
      parameters: REQUEST,
    });
    const ids = idsOf(body);
    const records = await Promise.all(ids.map((id) => stage.ports.store.inspections.get(id)));
    const labels = { study: 'x', 'amun.io/matrix': matrixId };
    expect(records.map((record) => record?.value)).toMatchObject([
      { batchSize: 1, matrixId, labels },
      { batchSize: 2, matrixId, labels },
      { batchSize: 1, matrixId, labels },
    ]);
    // Two of the three are the same stack.
    expect(new Set(records.map((record) => record?.value.buildId)).size).toBe(2);
    expect((await stage.ports.store.matrices.get(String(matrixId)))?.value).toMatchObject({
      submitted: '2026-01-01T12:00:00.000Z',
      members: [{ name: 'as it is' }, { name: 'twice' }, { name: 'variation-2' }],
    });
  });

  it('submits nothing where one variation is not valid, and says which', async () => {
    const variations = [...REQUEST.variations, { set: { packages: ['no such thing'] } }];
    const answered = await post({ ...REQUEST, variations });
    expectRefusal(answered, 400, 'InvalidSpecification');
    expect(answered.body['details']).toMatchObject([{ pointer: '/variations/3/set/packages/0' }]);
    expect(answered.body['parameters']).toMatchObject({ labels: { study: 'x' } });
    await expectNothing();
  });

  it.each<[string, unknown, number, string]>([
    ['nothing', undefined, 400, 'InvalidRequest'],
    ['no JSON', Buffer.from('{'), 400, 'InvalidRequest'],
    ['a list', [], 400, 'InvalidSpecification'],
    ['a specification', REQUEST.specification, 400, 'InvalidSpecification'],
    ['too much', Buffer.alloc(600_000, ' '), 413, 'TooLarge'],
  ])('refuses %s', async (_what, body, status, code) => {
    expectRefusal(await post(body), status, code);
    await expectNothing();
  });

  it('accepts no more than all of it together may be', async () => {
    const bounded = (maxInFlight: number) => ({
      ...stage.ports,
      settings: { ...stage.ports.settings, maxInFlight },
    });
    expectRefusal(await post(REQUEST, KEY, bounded(2)), 429, 'TooManyRequests');
    await expectNothing();
    expect((await post(REQUEST, KEY, bounded(3))).status).toBe(202);
    // What was accepted before is told whatever the bound is.
    expect((await post(REQUEST, KEY, bounded(1))).status).toBe(202);
  });

  it('does the same once only for one key', async () => {
    const first = await post(REQUEST, KEY);
    const again = await post(REQUEST, KEY);
    expect(again.body).toEqual(first.body);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await stage.ports.store.index.list(1, 10)).total).toBe(3);
    expectRefusal(await post({ ...REQUEST, labels: {} }, KEY), 422, 'IdempotencyKeyReused');
    expect((await post(REQUEST)).body['matrix_id']).not.toBe(first.body['matrix_id']);
  });

  it.each(['before', 'after'] as const)(
    'completes what was cut off %s any call of a port',
    async (when) => {
      const { store } = stage.ports;
      let failures = 0;
      for (let at = 1; ; at += 1) {
        const headers = { 'idempotency-key': `cut-at-${at}` };
        const { total } = await store.index.list(1, 1);
        const failing = failAt(stage.ports, { at, when });
        const cut = await post(REQUEST, headers, failing.ports);
        if (failing.failed() === undefined) break;
        if (cut.status !== 202) failures += 1;
        const whole = await post(REQUEST, headers);
        expect(whole.status).toBe(202);
        const ids = idsOf(whole.body);
        for (const id of ids) expect(await store.inspections.get(id)).toBeDefined();
        expect((await store.index.list(1, 1)).total).toBe(total + ids.length);
      }
      expect(failures).toBeGreaterThan(10);
    },
  );

  it('says how much of it is submitted where the store goes away', async () => {
    const { inspections } = stage.ports.store;
    const create = inspections.create.bind(inspections);
    let created = 0;
    inspections.create = (key, value) => {
      created += 1;
      if (created > 1) return Promise.reject(new AmunError('Unavailable', 'The store is away.'));
      return create(key, value);
    };
    const answered = await post(REQUEST, KEY);
    expectRefusal(answered, 503, 'Unavailable');
    expect(answered.body['error']).toMatch(/So far 1 of the 3 inspections of matrix-speed-\w+ are/);
  });
});
