import fc from 'fast-check';
import { AmunError } from '../../../shared/errors/amun-error.js';
import {
  carryOutOnce,
  fingerprintOf,
  IDEMPOTENCY_KEY_AGE_MS,
  type Claim,
  type OnceOnly,
} from '../../../shared/lifecycle/idempotency.js';
import type { Store } from '../../../shared/store/port.js';
import { createMemoryStore } from '../../fakes/memory-store.js';

interface Made {
  [name: string]: string;
  id: string;
}

describe('carryOutOnce', () => {
  let store: Store;
  let time: number;
  let made: Claim[];
  let ids: number;
  beforeEach(() => {
    store = createMemoryStore();
    time = Date.parse('2026-01-01T12:00:00.000Z');
    made = [];
    ids = 0;
  });

  const call = (fields: Partial<OnceOnly<Made>> = {}) =>
    carryOutOnce<Made>(
      { store, now: () => new Date(time) },
      {
        key: 'k',
        request: 'one',
        newId: () => `id-${(ids += 1)}`,
        carryOut: (claim) => {
          made.push(claim);
          return Promise.resolve({ id: claim.id });
        },
        ...fields,
      },
    );
  const unavailable = () => Promise.reject(new AmunError('Unavailable', 'Not now.'));

  it('gives the outcome of the first request to those that come again', async () => {
    expect(await call()).toEqual({ outcome: { id: 'id-1' }, replayed: false });
    expect(await call()).toEqual({ outcome: { id: 'id-1' }, replayed: true });
    expect(made).toEqual([{ id: 'id-1', created: '2026-01-01T12:00:00.000Z' }]);
  });

  it('carries out every request without a key', async () => {
    for (const id of ['id-1', 'id-2']) {
      expect(await call({ key: undefined })).toEqual({ outcome: { id }, replayed: false });
    }
    expect(made).toHaveLength(2);
  });

  it('keeps keys apart', async () => {
    await call();
    expect(await call({ key: 'K' })).toMatchObject({ replayed: false });
  });

  it('refuses a key that came with another request', async () => {
    await call();
    await expect(call({ request: 'two' })).rejects.toMatchObject({ code: 'IdempotencyKeyReused' });
    expect(made).toHaveLength(1);
  });

  it('forgets a key after 24 hours, and not before', async () => {
    await call();
    time += IDEMPOTENCY_KEY_AGE_MS - 1;
    expect(await call()).toMatchObject({ replayed: true });
    time += 1;
    expect(await call({ request: 'two' })).toEqual({ outcome: { id: 'id-2' }, replayed: false });
    expect(await call({ request: 'two' })).toMatchObject({ replayed: true });
  });

  it('goes on with the same claim where the first one failed', async () => {
    await expect(call({ carryOut: unavailable })).rejects.toMatchObject({ code: 'Unavailable' });
    time += 5_000;
    expect(await call()).toEqual({ outcome: { id: 'id-1' }, replayed: true });
    expect(made).toEqual([{ id: 'id-1', created: '2026-01-01T12:00:00.000Z' }]);
  });

  it('gives many at once the same claim and the same outcome', async () => {
    let turn = 0;
    const carryOut = async (claim: Claim): Promise<Made> => {
      made.push(claim);
      const mine = (turn += 1);
      await new Promise((resolve) => setTimeout(resolve, 5 * (mine % 3)));
      return { id: claim.id, turn: String(mine) };
    };
    const all = await Promise.all(Array.from({ length: 20 }, () => call({ carryOut })));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(new Set(all.map(({ outcome }) => outcome.turn)).size).toBe(1);
    expect(all.filter(({ replayed }) => !replayed)).toHaveLength(1);
  });

  it('asks before anything new is accepted, and not about what was', async () => {
    const admit = () => Promise.reject(new AmunError('TooManyRequests', 'Full.'));
    for (const key of ['k', undefined]) {
      await expect(call({ key, admit })).rejects.toMatchObject({ code: 'TooManyRequests' });
    }
    expect(made).toEqual([]);
    // Nothing was claimed: another request may have the key.
    await call({ request: 'two' });
    expect(await call({ request: 'two', admit })).toMatchObject({ replayed: true });
  });

  it.each(['', 'a b', 'ä', 'a\n', '\u007f', 'x'.repeat(256)])(
    'takes no %j for a key',
    async (key) => {
      await expect(call({ key })).rejects.toMatchObject({ code: 'InvalidRequest' });
      expect(made).toEqual([]);
    },
  );

  it.each(['x'.repeat(255), '*', '>', '"8e03978e-40d5-43dd-bc93-6894a57f9324"', '../a.b'])(
    'takes %j for a key',
    async (key) => {
      await call({ key });
      expect(await call({ key })).toMatchObject({ replayed: true });
    },
  );
});

describe('fingerprintOf', () => {
  it('does not mind the order of fields', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (body) => {
        const turned = Object.fromEntries(Object.entries(body).reverse());
        expect(fingerprintOf('x', turned)).toBe(fingerprintOf('x', body));
      }),
    );
  });

  it('tells everything else apart', () => {
    const prints = [
      ['x', {}],
      ['y', {}],
      ['x', []],
      ['x', null],
      ['x', { a: 1 }],
      ['x', { a: '1' }],
      ['x', { a: [1, 2] }],
      ['x', { a: [2, 1] }],
      ['x', [['a', 1]]],
      ['x', { fields: [['a', 1]] }],
      ['x', JSON.parse('{"__proto__": 1}')],
    ].map(([operation, body]) => fingerprintOf(operation as string, body));
    expect(new Set(prints).size).toBe(prints.length);
  });
});
