import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats } from '../../../shared/bus/connect-nats.js';
import { changeDocument } from '../../../shared/store/change-document.js';
import { createJetStreamStore } from '../../../shared/store/jetstream-store.js';
import type { Store } from '../../../shared/store/port.js';
import { freshId } from '../../contract/fresh-id.js';
import { inspectionRecord } from '../../contract/inspection-record.js';
import { describeWithNats } from '../../nats-server.js';
import { patientStore } from '../../patient-jetstream.js';
import { useNats } from '../../use-nats.js';
import { waitUntil } from '../../wait-until.js';

describeWithNats('the store in an outage', () => {
  const nats = useNats('each');
  let store: Store;
  const connect = () =>
    connectNats({ url: nats.server.url, token: nats.server.token, name: 'test' });
  beforeEach(() => {
    store = patientStore(nats.connection);
  });

  async function restart(): Promise<void> {
    await nats.server.kill();
    await sleep(200);
    await nats.server.start();
  }

  it('loses and doubles nothing when the server is killed in the middle', async () => {
    const ids = Array.from({ length: 400 }, () => freshId());
    const counter = freshId();
    await store.inspections.create(counter, { ...inspectionRecord(counter), batchSize: 0 });
    const queue = [...ids];
    const workers = Array.from({ length: 8 }, async () => {
      for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
        await store.artifacts.put(`${id}/specification`, `{"id":"${id}"}`);
        await store.inFlight.add({ buildId: 'build-1', inspectionId: id });
        await store.index.add(id);
        await store.inspections.create(id, inspectionRecord(id));
        await changeDocument(store.inspections, id, (record) => ({
          ...record,
          phase: 'running' as const,
        }));
        await changeDocument(store.inspections, counter, (record) => ({
          ...record,
          batchSize: record.batchSize + 1,
        }));
      }
    });
    for (const left of [280, 140]) {
      await waitUntil(() => queue.length <= left);
      await restart();
    }
    await Promise.all(workers);
    await restart();
    const pages = await Promise.all([1, 2, 3, 4, 5].map((page) => store.index.list(page, 100)));
    expect(pages.map(({ total }) => total)).toEqual([400, 400, 400, 400, 400]);
    expect(pages.flatMap((page) => page.ids).sort()).toEqual([...ids].sort());
    expect(await store.inFlight.list('build-1')).toHaveLength(400);
    expect((await store.inspections.get(counter))?.value.batchSize).toBe(400);
    for (const id of ids) {
      expect((await store.inspections.get(id))?.value.phase).toBe('running');
      const specification = await store.artifacts.get(`${id}/specification`);
      expect(new TextDecoder().decode(specification)).toBe(`{"id":"${id}"}`);
    }
  }, 300_000);

  it('keeps large artifacts whole, whenever the server is killed', async () => {
    const contents = Array.from({ length: 6 }, () => randomBytes(4_000_000));
    const putting = contents.map((content, i) => store.artifacts.put(`many/${i}`, content));
    await sleep(60);
    await restart();
    await Promise.all(putting);
    for (const [i, content] of contents.entries()) {
      const found = await store.artifacts.get(`many/${i}`);
      expect(Buffer.compare(Buffer.from(found!), content)).toBe(0);
    }
  });

  it('keeps the old content whole where whoever replaced it died', async () => {
    const old = randomBytes(2_000_000);
    await store.artifacts.put('one/build/log', old);
    const other = await connect();
    closeBefore(other, '$KV.amun-artifacts.one/build/log');
    await expect(
      patientStore(other).artifacts.put('one/build/log', randomBytes(8_000_000)),
    ).rejects.toMatchObject({ code: 'Unavailable' });
    const found = await store.artifacts.get('one/build/log');
    expect(Buffer.compare(Buffer.from(found!), old)).toBe(0);
  });

  it('begins anew when the server forgot everything', async () => {
    await store.artifacts.put('a/b', 'x');
    await store.index.add('inspection-1');
    await nats.server.kill();
    await nats.server.wipe();
    await nats.server.start();
    expect(await store.artifacts.get('a/b')).toBeUndefined();
    expect(await store.inspections.get('inspection-1')).toBeUndefined();
    expect(await store.index.list(1, 10)).toEqual({ ids: [], total: 0 });
    expect(await store.inFlight.list()).toEqual([]);
    await store.index.add('inspection-2');
    expect(await store.index.list(1, 10)).toEqual({ ids: ['inspection-2'], total: 1 });
  });

  it('says so when the outage lasts', async () => {
    const impatient = createJetStreamStore(nats.connection, { retryForMs: 300 });
    await store.index.add('inspection-1');
    await nats.server.kill();
    const unavailable = { code: 'Unavailable', cause: expect.any(Error) as unknown };
    const id = 'inspection-1';
    await expect(impatient.inspections.get(id)).rejects.toMatchObject(unavailable);
    await expect(impatient.index.list(1, 10)).rejects.toMatchObject(unavailable);
    await expect(impatient.artifacts.put(id, 'x')).rejects.toMatchObject(unavailable);
    await expect(impatient.inFlight.list()).rejects.toMatchObject(unavailable);
  });
});

/** Closes the connection when all chunks are written, before the message that names them is sent. */
function closeBefore(connection: NatsConnection, naming: string): void {
  const request = connection.request.bind(connection);
  jest.spyOn(connection, 'request').mockImplementation(async (subject, ...more) => {
    if (subject === naming) await connection.close();
    return request(subject, ...more);
  });
}
