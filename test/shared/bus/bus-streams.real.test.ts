import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { ACK, anEvent, bytes, freshSubject, TestConsumers } from '../../contract/test-consumers.js';
import { describeWithNats } from '../../nats-server.js';
import { patientBus } from '../../patient-jetstream.js';
import { useNats } from '../../use-nats.js';
import { waitUntil } from '../../wait-until.js';

describeWithNats('the streams of the bus', () => {
  const nats = useNats('all');
  let manager: JetStreamManager;
  beforeAll(async () => {
    manager = await jetstreamManager(nats.connection);
  });

  it('are made as documented, by many at once, and changed when settings change', async () => {
    const buses = Array.from({ length: 8 }, () => patientBus(nats.connection));
    await Promise.all(buses.map((bus) => bus.publish(anEvent())));
    const before = (await manager.streams.info('AMUN')).config;
    expect(before).toMatchObject({
      subjects: ['amun.build.>', 'amun.job.>', 'amun.inspection.>', 'amun.dead-letter'],
      storage: 'file',
      discard: 'new',
      retention: 'limits',
      max_bytes: 256 * 1024 * 1024,
      max_age: 7 * 86_400e9,
      duplicate_window: 3_600e9,
    });
    await patientBus(nats.connection, { eventAgeMs: 3_600_000 }).publish(anEvent());
    expect((await manager.streams.info('AMUN')).config.max_age).toBe(3_600e9);
    expect((await manager.streams.info('AMUN')).state.messages).toBe(9);
  });

  it('forget an async invocation once it is done', async () => {
    const bus = patientBus(nats.connection);
    const subject = freshSubject();
    await bus.publishRaw(subject, bytes('one'));
    await bus.publishRaw(subject, bytes('two'));
    expect((await manager.streams.info('AMUN_ASYNC')).state.messages).toBe(2);
    const consumers = new TestConsumers();
    let first = true;
    void consumers.start(bus, subject, () => {
      const verdict = first ? ({ kind: 'drop' } as const) : ACK;
      first = false;
      return verdict;
    });
    await waitUntil(async () => (await manager.streams.info('AMUN_ASYNC')).state.messages === 0);
    await consumers.end();
    expect(first).toBe(false);
  });

  it('refuse what does not fit, and say why', async () => {
    const bus = patientBus(nats.connection, { asyncBytes: 64 * 1024 });
    const subject = freshSubject();
    await expect(
      (async () => {
        for (let i = 0; i < 10; i += 1) await bus.publishRaw(subject, new Uint8Array(10_000));
      })(),
    ).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringContaining('the stream is full') as unknown,
    });
    await expect(bus.publishRaw(subject, new Uint8Array(1_100_000))).rejects.toMatchObject({
      code: 'TooLarge',
    });
  });

  it('carry no other subjects', async () => {
    const bus = patientBus(nats.connection);
    for (const subject of ['amun.other', 'amun.async.*', 'amun.job.>', 'other', '']) {
      await expect(bus.publishRaw(subject, bytes('x'))).rejects.toMatchObject({
        code: 'InvalidRequest',
      });
    }
  });
});
