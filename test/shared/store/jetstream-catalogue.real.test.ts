import { headers } from '@nats-io/transport-node';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { Store } from '../../../shared/store/port.js';
import { freshId } from '../../contract/fresh-id.js';
import { inspectionRecord } from '../../contract/inspection-record.js';
import { describeWithNats } from '../../nats-server.js';
import { patientStore } from '../../patient-jetstream.js';
import { useNats } from '../../use-nats.js';
import { waitUntil } from '../../wait-until.js';

const STREAM = 'KV_amun-inspections';

describeWithNats('JetStreamCatalogue', () => {
  const nats = useNats('each');
  let manager: JetStreamManager;
  let store: Store;
  beforeEach(async () => {
    manager = await jetstreamManager(nats.connection);
    store = patientStore(nats.connection);
  });

  async function add(count: number, into = store): Promise<string[]> {
    const ids = Array.from({ length: count }, () => freshId());
    await Promise.all(ids.map((id) => into.inspections.create(id, inspectionRecord(id))));
    return ids.sort();
  }
  async function everything(from = store): Promise<string[]> {
    const { records, total } = await from.catalogue.find({}, { limit: 10_000 });
    expect(total).toBe(records.length);
    return records.map(({ id }) => id).sort();
  }

  it('finds nothing in a store that holds nothing', async () => {
    expect(await everything()).toEqual([]);
  });

  it('reads more than it pulls at once, and what others write', async () => {
    const ids = await add(1_200);
    expect(await everything()).toEqual(ids);
    const more = await add(700, patientStore(nats.connection));
    expect(await everything()).toEqual([...ids, ...more].sort());
  });

  it('leaves no consumers behind', async () => {
    await add(3);
    await everything();
    await waitUntil(async () => (await manager.streams.info(STREAM)).state.consumer_count === 0);
  });

  it('does without what was removed from the stream, the last of it too', async () => {
    const ids = await add(4);
    await everything();
    const { state } = await manager.streams.info(STREAM);
    const last = await manager.streams.getMessage(STREAM, { seq: state.last_seq });
    const gone = last!.subject.split('.').at(-1)!;
    await manager.streams.deleteMessage(STREAM, state.last_seq, false);
    const left = ids.filter((id) => id !== gone);
    const found = await store.catalogue.find({}, { limit: 10 });
    expect(found.records.map(({ id }) => id).sort()).toEqual(left);
    // Nobody told this one of it either: it begins where the last message is not there.
    expect(await everything(patientStore(nats.connection))).toEqual(left);
    const more = await add(1);
    expect((await store.catalogue.find({}, { limit: 10 })).records).toHaveLength(4);
    expect(await everything(patientStore(nats.connection))).toEqual([...left, ...more].sort());
  });

  it('does without what other tools marked as removed, and without what is damaged', async () => {
    const [marked = '', damaged = '', sound = ''] = await add(3);
    await everything();
    const client = jetstream(nats.connection);
    const marker = headers();
    marker.set('KV-Operation', 'PURGE');
    await client.publish(`$KV.amun-inspections.${marked}`, '', { headers: marker });
    await client.publish(`$KV.amun-inspections.${damaged}`, '{"id":');
    await client.publish('$KV.amun-inspections.a.b.c', JSON.stringify(inspectionRecord('other')));
    expect(await everything()).toEqual([sound]);
  });

  it('forgets what has aged', async () => {
    const brief = patientStore(nats.connection, { recordAgeMs: 1_500 });
    await add(3, brief);
    // What ages while a page is read still counts.
    const found = async () => (await brief.catalogue.find({}, { limit: 5 })).records;
    await found();
    await waitUntil(async () => (await found()).length === 0);
    expect(await everything(brief)).toEqual([]);
    // Whatever is asked for too late has aged itself.
    await waitUntil(async () => {
      const [late] = await add(1, brief);
      return (await found()).some(({ id }) => id === late);
    });
  });

  it('begins anew when the server forgot everything', async () => {
    await add(5);
    await everything();
    await nats.server.kill();
    await nats.server.wipe();
    await nats.server.start();
    expect(await everything()).toEqual([]);
    // As many as before: sequences alone would not tell.
    const ids = await add(5);
    expect(await everything()).toEqual(ids);
  });

  it('goes on after an outage', async () => {
    const ids = await add(50);
    await everything();
    await nats.server.kill();
    const asked = everything();
    await nats.server.start();
    expect(await asked).toEqual(ids);
    expect(await everything()).toEqual(ids);
  });
});
