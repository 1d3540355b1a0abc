import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { request } from 'undici';
import { bindEnding } from '../../../services/gateway/bind-ending.js';
import { sendEvents } from '../../../services/gateway/follow/send-events.js';
import { streamLines } from '../../../services/gateway/stream-lines.js';
import { heldBy } from './held-by.js';

describe('an ending bound to a signal', () => {
  it('comes with the signal, before or after', () => {
    const outer = new AbortController();
    const { signal } = bindEnding(outer.signal);
    expect(signal.aborted).toBe(false);
    outer.abort();
    expect(signal.aborted).toBe(true);
    expect(bindEnding(outer.signal).signal.aborted).toBe(true);
  });

  it('comes alone where it is told to', () => {
    const outer = new AbortController();
    const { signal, end } = bindEnding(outer.signal);
    end();
    expect([signal.aborted, outer.signal.aborted]).toEqual([true, false]);
  });

  it('leaves nothing behind', () => {
    const outer = new AbortController();
    const { signal, release } = bindEnding(outer.signal);
    expect(heldBy(outer.signal)).toBe(1);
    release();
    expect(heldBy(outer.signal)).toBe(0);
    outer.abort();
    expect(signal.aborted).toBe(false);
  });
});

describe('an answer that is streamed', () => {
  const stop = new AbortController();
  let app: FastifyInstance;
  let held: number[];
  beforeEach(() => {
    app = fastify();
    held = [];
  });
  afterEach(() => app.close());

  async function* source<T>(first: T, fails: boolean): AsyncGenerator<T> {
    yield await Promise.resolve(first);
    held.push(heldBy(stop.signal));
    if (fails) throw new Error('The source ended.');
  }
  const senders = {
    events: (reply: FastifyReply, fails: boolean) =>
      sendEvents(reply, stop.signal, () =>
        source({ id: '1', event: 'phase' as const, json: '{}' }, fails),
      ),
    lines: (reply: FastifyReply, fails: boolean) =>
      streamLines(reply, stop.signal, () => source({}, fails)),
  };

  it.each([
    ['events', false],
    ['events', true],
    ['lines', false],
    ['lines', true],
  ] as const)('of %s leaves nothing at the signal (its source fails: %s)', async (kind, fails) => {
    let sent: Promise<void> = Promise.resolve();
    app.get('/', async (_request, reply) => {
      sent = senders[kind](reply, fails);
      await sent.catch(() => undefined);
    });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    await request(url)
      .then(({ body }) => body.dump())
      .catch(() => undefined);
    await sent.catch(() => undefined);
    expect([...held, heldBy(stop.signal)]).toEqual([1, 0]);
  });
});
