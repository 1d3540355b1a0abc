import type { Bus } from '../../shared/bus/port.js';
import { SUBJECTS, type AmunEvent } from '../../shared/events/event.js';
import { waitUntil } from '../wait-until.js';
import { describeRedelivery } from './redelivery-contract.js';
import {
  ACK,
  anEvent,
  bytes,
  fresh,
  freshSubject,
  TestConsumers,
  text,
  type ConsumeChoices,
  type Handle,
} from './test-consumers.js';

/** What every Bus must do. `open` gives one that may hold what earlier tests left in it. */
export function describeBusContract(open: () => Promise<Bus>): void {
  let bus: Bus;
  let consumers: TestConsumers;
  beforeAll(async () => {
    bus = await open();
  });
  beforeEach(() => {
    consumers = new TestConsumers();
  });
  afterEach(() => consumers.end());

  function consume(subject: string, handle: Handle, choices?: ConsumeChoices): void {
    void consumers.start(bus, subject, handle, choices);
  }

  it('says whether an event was known', async () => {
    const event = anEvent();
    expect(await bus.publish(event)).toEqual({ duplicate: false });
    expect(await bus.publish(event)).toEqual({ duplicate: true });
    const others = await Promise.all([event, event, anEvent()].map((each) => bus.publish(each)));
    expect(others.map(({ duplicate }) => duplicate)).toEqual([true, true, false]);
  });

  it('delivers an event once, also where it was published before anybody listened', async () => {
    const event = anEvent();
    await bus.publish(event);
    await bus.publish(event);
    const seen: string[] = [];
    consume(event.type, (delivery) => {
      expect(delivery.subject).toBe(event.type);
      seen.push(text(delivery.body));
      return ACK;
    });
    const last = anEvent();
    await bus.publish(last);
    await waitUntil(() => seen.includes(JSON.stringify(last)));
    expect(seen.filter((body) => body === JSON.stringify(event))).toHaveLength(1);
  });

  it('delivers in order, with headers, one at a time where concurrency is 1', async () => {
    const subject = freshSubject();
    const seen: string[] = [];
    let inHand = 0;
    consume(subject, async (delivery) => {
      inHand += 1;
      expect(inHand).toBe(1);
      await Promise.resolve();
      seen.push(`${text(delivery.body)}${delivery.headers['X-Call'] ?? ''}`);
      inHand -= 1;
      return ACK;
    });
    for (const name of ['a', 'b', 'c']) {
      await bus.publishRaw(subject, bytes(name), { headers: { 'X-Call': `-${name}` } });
    }
    await waitUntil(() => seen.length === 3);
    expect(seen).toEqual(['a-a', 'b-b', 'c-c']);
  });

  it('drops the second raw message of an id, and only that', async () => {
    const subject = freshSubject();
    const id = fresh('call');
    const seen: string[] = [];
    await bus.publishRaw(subject, bytes('one'), { id });
    await bus.publishRaw(subject, bytes('one'), { id });
    await bus.publishRaw(subject, bytes('same'));
    await bus.publishRaw(subject, bytes('same'));
    await bus.publishRaw(subject, bytes('end'));
    consume(subject, (delivery) => {
      seen.push(text(delivery.body));
      return ACK;
    });
    await waitUntil(() => seen.includes('end'));
    expect(seen).toEqual(['one', 'same', 'same', 'end']);
  });

  it('has as many in hand as concurrency allows, and not one more', async () => {
    const subject = freshSubject();
    let [inHand, most, done] = [0, 0, 0];
    for (let i = 0; i < 12; i += 1) await bus.publishRaw(subject, bytes(String(i)));
    consume(
      subject,
      async () => {
        inHand += 1;
        most = Math.max(most, inHand);
        // Until there are four, and then so long that a fifth would come, too.
        await waitUntil(() => most >= 4);
        await new Promise((resolve) => setTimeout(resolve, 30));
        inHand -= 1;
        done += 1;
        return ACK;
      },
      { concurrency: 4 },
    );
    await waitUntil(() => done === 12);
    expect(most).toBe(4);
  });

  it('shares the work between consumers of a name', async () => {
    const subject = freshSubject();
    const name = fresh('shared');
    const seen: string[] = [];
    const workers = [0, 0];
    for (const worker of [0, 1]) {
      consume(
        subject,
        async ({ body }) => {
          workers[worker]! += 1;
          seen.push(text(body));
          // One of them could take all before the other is there; alone, it has two at most.
          await waitUntil(() => Math.min(...workers) > 0);
          return ACK;
        },
        { name, concurrency: 2 },
      );
    }
    const all = Array.from({ length: 60 }, (_, i) => String(i));
    await Promise.all(all.map((body) => bus.publishRaw(subject, bytes(body))));
    await waitUntil(() => seen.length >= 60);
    expect([...seen].sort()).toEqual([...all].sort());
    expect(Math.min(...workers)).toBeGreaterThan(0);
  });

  it('shows events to onlookers as they come, from now on', async () => {
    const early = anEvent();
    await bus.publish(early);
    const seen: string[] = [];
    const watching = (async () => {
      for await (const event of bus.follow(consumers.signal)) seen.push(event.id);
    })();
    void consumers.add(watching);
    // Nobody knows when an onlooker has begun to look: events are sent until one was seen.
    await waitUntil(async () => {
      await bus.publish(anEvent());
      return seen.length > 0;
    });
    const event = anEvent();
    await bus.publish(event);
    await bus.publish(event);
    const last = anEvent();
    await bus.publish(last);
    await waitUntil(() => seen.includes(last.id));
    expect(seen.filter((id) => id === event.id)).toHaveLength(1);
    expect(seen).not.toContain(early.id);
  });

  it('delivers 1,000 events to a consumer with none lost and none doubled', async () => {
    const events = Array.from({ length: 1000 }, () => anEvent());
    const wanted = new Set(events.map(({ id }) => id));
    const seen: string[] = [];
    consume(
      SUBJECTS.jobComplete,
      ({ body }) => {
        const { id } = JSON.parse(text(body)) as AmunEvent;
        if (wanted.has(id)) seen.push(id);
        return ACK;
      },
      { concurrency: 16 },
    );
    await Promise.all(events.map((event) => bus.publish(event)));
    await waitUntil(() => seen.length >= 1000);
    expect(new Set(seen)).toEqual(wanted);
    expect(seen).toHaveLength(1000);
  });

  describeRedelivery(() => bus);
}
