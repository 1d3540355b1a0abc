import type { Bus } from '../../shared/bus/port.js';
import { waitUntil } from '../wait-until.js';
import {
  ACK,
  bytes,
  fresh,
  freshSubject,
  TestConsumers,
  text,
  type ConsumeChoices,
  type Handle,
} from './test-consumers.js';

/** What becomes of a message that is not simply acknowledged: the bus contract's second half. */
export function describeRedelivery(theBus: () => Bus): void {
  let bus: Bus;
  let consumers: TestConsumers;
  beforeEach(() => {
    bus = theBus();
    consumers = new TestConsumers();
  });
  afterEach(() => consumers.end());

  function consume(subject: string, handle: Handle, choices?: ConsumeChoices): void {
    void consumers.start(bus, subject, handle, choices);
  }

  it('brings a message again when it is to be retried, and counts the tries', async () => {
    const subject = freshSubject();
    const attempts: number[] = [];
    const times: number[] = [];
    consume(subject, ({ attempt }) => {
      attempts.push(attempt);
      times.push(Date.now());
      return attempt < 3 ? { kind: 'retry', delayMs: 120 } : ACK;
    });
    await bus.publishRaw(subject, bytes('again'));
    await waitUntil(() => attempts.length === 3);
    expect(attempts).toEqual([1, 2, 3]);
    expect(times[2]! - times[0]!).toBeGreaterThanOrEqual(200);
  });

  it('brings a message again when its handler threw', async () => {
    const subject = freshSubject();
    const attempts: number[] = [];
    consume(subject, ({ attempt }) => {
      attempts.push(attempt);
      if (attempt === 1) throw new Error('a handler that fails');
      return ACK;
    });
    await bus.publishRaw(subject, bytes('thrown'));
    await waitUntil(() => attempts.length === 2);
    expect(attempts).toEqual([1, 2]);
  });

  it('does not bring a dropped message again', async () => {
    const subject = freshSubject();
    const seen: string[] = [];
    consume(subject, ({ body }) => {
      seen.push(text(body));
      return text(body) === 'bad' ? { kind: 'drop' } : ACK;
    });
    await bus.publishRaw(subject, bytes('bad'));
    await bus.publishRaw(subject, bytes('good'));
    await waitUntil(() => seen.includes('good'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(seen).toEqual(['bad', 'good']);
  });

  it('brings a message again when nothing is heard of it', async () => {
    const subject = freshSubject();
    const attempts: number[] = [];
    let letGo: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => (letGo = resolve));
    consume(
      subject,
      async ({ attempt }) => {
        attempts.push(attempt);
        if (attempt === 1) await stuck;
        return ACK;
      },
      { concurrency: 2, ackWaitMs: 400 },
    );
    await bus.publishRaw(subject, bytes('stuck'));
    await waitUntil(() => attempts.length >= 2);
    letGo();
    expect(attempts.slice(0, 2)).toEqual([1, 2]);
  });

  it('leaves a message with the one who says that work goes on', async () => {
    const subject = freshSubject();
    const attempts: number[] = [];
    let done = false;
    consume(
      subject,
      async (delivery) => {
        attempts.push(delivery.attempt);
        for (let i = 0; i < 12; i += 1) {
          await new Promise((resolve) => setTimeout(resolve, 1_000));
          delivery.working();
        }
        done = true;
        return ACK;
      },
      { concurrency: 2, ackWaitMs: 5_000 },
    );
    await bus.publishRaw(subject, bytes('long'));
    await waitUntil(() => done);
    expect(attempts).toEqual([1]);
  });

  it('finishes what is in hand, and leaves the rest to the next', async () => {
    const subject = freshSubject();
    const name = fresh('drained');
    const first = new AbortController();
    const finished: string[] = [];
    for (let i = 0; i < 6; i += 1) await bus.publishRaw(subject, bytes(String(i)));
    const drained = consumers.start(
      bus,
      subject,
      async ({ body }) => {
        first.abort();
        await new Promise((resolve) => setTimeout(resolve, 100));
        finished.push(text(body));
        return ACK;
      },
      { name, concurrency: 2, signal: first.signal },
    );
    await drained;
    const byFirst = finished.length;
    expect(byFirst).toBeGreaterThanOrEqual(1);
    expect(byFirst).toBeLessThanOrEqual(2);
    const attempts: number[] = [];
    consume(
      subject,
      ({ body, attempt }) => {
        finished.push(text(body));
        attempts.push(attempt);
        return ACK;
      },
      { name },
    );
    await waitUntil(() => finished.length === 6);
    expect([...finished].sort()).toEqual(['0', '1', '2', '3', '4', '5']);
  });
}
