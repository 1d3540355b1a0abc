import { setTimeout as sleep } from 'node:timers/promises';
import { SUBJECTS, type AmunEvent } from '../../../shared/events/event.js';
import {
  ACK,
  anEvent,
  bytes,
  freshSubject,
  TestConsumers,
  text,
} from '../../contract/test-consumers.js';
import { describeWithNats } from '../../nats-server.js';
import { patientBus } from '../../patient-jetstream.js';
import { useNats } from '../../use-nats.js';
import { waitUntil } from '../../wait-until.js';

describeWithNats('the bus in an outage', () => {
  let consumers: TestConsumers;
  beforeEach(() => {
    consumers = new TestConsumers();
  });
  // Hooks run in this order: consumers end while there is a connection.
  afterEach(() => consumers.end());
  const nats = useNats('each');

  it('loses and doubles nothing when the server is killed in the middle', async () => {
    const bus = patientBus(nats.connection);
    const events = Array.from({ length: 900 }, () => anEvent());
    const seen: string[] = [];
    void consumers.start(
      bus,
      SUBJECTS.jobComplete,
      async ({ body }) => {
        seen.push((JSON.parse(text(body)) as AmunEvent).id);
        await sleep(2);
        return ACK;
      },
      { concurrency: 4, ackWaitMs: 2_000 },
    );
    const followed: string[] = [];
    void consumers.add(
      (async () => {
        for await (const { id } of bus.follow(consumers.signal)) followed.push(id);
      })(),
    );
    await waitUntil(async () => {
      await bus.publish(anEvent());
      return followed.length > 0;
    });
    const queue = [...events];
    const publishers = Array.from({ length: 10 }, async () => {
      for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
        expect(await bus.publish(event)).toHaveProperty('duplicate');
      }
    });
    for (const left of [600, 300]) {
      await waitUntil(() => queue.length <= left);
      await nats.server.kill();
      await sleep(300);
      await nats.server.start();
    }
    await Promise.all(publishers);
    const ids = events.map(({ id }) => id).sort();
    const mine = (all: readonly string[]) => all.filter((id) => ids.includes(id)).sort();
    await waitUntil(() => mine(seen).length >= ids.length && mine(followed).length >= ids.length);
    await sleep(2_500);
    expect(mine(seen)).toEqual(ids);
    expect(mine(followed)).toEqual(ids);
    expect((await bus.publish(events[0]!)).duplicate).toBe(true);
  });

  it('makes stream and consumer again when the server forgot everything', async () => {
    const bus = patientBus(nats.connection);
    const seen: string[] = [];
    const followed: string[] = [];
    const take = ({ body }: { body: Uint8Array }) => {
      seen.push((JSON.parse(text(body)) as AmunEvent).id);
      return ACK;
    };
    void consumers.start(bus, SUBJECTS.jobComplete, take, { concurrency: 3 });
    void consumers.add(
      (async () => {
        for await (const { id } of bus.follow(consumers.signal)) followed.push(id);
      })(),
    );
    await waitUntil(async () => {
      await bus.publish(anEvent());
      return seen.length > 0 && followed.length > 0;
    });
    await nats.server.kill();
    await nats.server.wipe();
    await nats.server.start();
    const event = anEvent();
    await bus.publish(event);
    await waitUntil(() => seen.includes(event.id));
    await waitUntil(() => followed.includes(event.id));
    expect(seen.filter((id) => id === event.id)).toHaveLength(1);
  });

  it('goes on when somebody deletes the consumer', async () => {
    const bus = patientBus(nats.connection);
    const subject = freshSubject();
    const seen: string[] = [];
    const take = ({ body }: { body: Uint8Array }) => {
      seen.push(text(body));
      return ACK;
    };
    void consumers.start(bus, subject, take, { name: 'deleted', concurrency: 2 });
    await bus.publishRaw(subject, bytes('before'));
    await waitUntil(() => seen.length === 1);
    await nats.connection.request('$JS.API.CONSUMER.DELETE.AMUN_ASYNC.deleted');
    await bus.publishRaw(subject, bytes('after'));
    await waitUntil(() => seen.length === 2);
    expect(seen).toEqual(['before', 'after']);
  });

  it('says so when the server will never have such a consumer', async () => {
    const bus = patientBus(nats.connection);
    const subject = freshSubject();
    const first = consumers.start(bus, subject, () => ACK, { name: 'first' });
    await bus.publishRaw(subject, bytes('x'));
    // Only one consumer may take what is removed once it is done.
    const second = new TestConsumers();
    const refused = second.start(bus, subject, () => ACK, { name: 'second', concurrency: 3 });
    await expect(refused).rejects.toMatchObject({
      code: 'Internal',
      message: expect.stringContaining('Making the consumer second') as unknown,
    });
    await consumers.end();
    await first;
  });

  it('says so when the outage lasts', async () => {
    const bus = patientBus(nats.connection, { retryForMs: 400 });
    await bus.publish(anEvent());
    await nats.server.kill();
    await expect(bus.publish(anEvent())).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringContaining('amun.job.complete') as unknown,
      cause: expect.any(Error) as unknown,
    });
  });

  it('says so when the connection is closed', async () => {
    const bus = patientBus(nats.connection);
    const consuming = consumers.start(bus, freshSubject(), () => ACK);
    const told = expect(
      consuming.catch((error: unknown) => Promise.reject(error as Error)),
    ).rejects;
    consumers = new TestConsumers();
    await sleep(200);
    await nats.connection.close();
    await told.toMatchObject({ code: 'Unavailable' });
    await expect(bus.publish(anEvent())).rejects.toMatchObject({ code: 'Unavailable' });
  });
});
