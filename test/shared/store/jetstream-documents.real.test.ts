import { jetstream, jetstreamManager, type JetStreamClient } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import type { Store } from '../../../shared/store/port.js';
import { freshId } from '../../contract/fresh-id.js';
import { inspectionRecord } from '../../contract/inspection-record.js';
import { describeWithNats } from '../../nats-server.js';
import { patientStore } from '../../patient-jetstream.js';
import { useNats } from '../../use-nats.js';

describeWithNats('JetStreamDocuments', () => {
  const nats = useNats('all');
  let client: JetStreamClient;
  let store: Store;
  beforeAll(async () => {
    client = jetstream(nats.connection);
    store = patientStore(nats.connection);
    await store.inspections.get('warm-up');
  });

  it.each([
    ['no JSON', '{"id":', 'must be JSON'],
    ['no record', '{"id":1}', 'id must be a string'],
    ['nothing', '', 'must be JSON'],
  ])('names the key under which %s is stored', async (_what, content, complaint) => {
    const id = freshId();
    await client.publish(`$KV.amun-inspections.${id}`, content);
    const reading = store.inspections.get(id);
    await expect(reading).rejects.toMatchObject({ code: 'Internal' });
    await expect(reading).rejects.toThrow(id);
    await expect(reading).rejects.toThrow(complaint);
  });

  it('takes the markers of other tools for what they mean', async () => {
    const id = freshId();
    await store.inspections.create(id, inspectionRecord(id));
    const marker = headers();
    marker.set('KV-Operation', 'DEL');
    await client.publish(`$KV.amun-inspections.${id}`, '', { headers: marker });
    expect(await store.inspections.get(id)).toBeUndefined();
    await store.inspections.create(id, inspectionRecord(id));
    expect(await store.inspections.get(id)).toBeDefined();
  });

  it('refuses a document that is too large for a message', async () => {
    const id = freshId();
    const record = { ...inspectionRecord(id), message: 'x'.repeat(1_100_000) };
    await expect(store.inspections.create(id, record)).rejects.toMatchObject({ code: 'TooLarge' });
  });

  it('leaves a marker of what was removed, and nothing where there was nothing', async () => {
    const id = freshId();
    await store.inspections.create(id, inspectionRecord(id));
    await store.inspections.remove(id);
    await store.inspections.remove(id);
    await store.inspections.remove(freshId());
    const manager = await jetstreamManager(nats.connection);
    const { state } = await manager.streams.info('KV_amun-inspections');
    const last = await manager.streams.getMessage('KV_amun-inspections', { seq: state.last_seq });
    expect(last).toMatchObject({ subject: `$KV.amun-inspections.${id}` });
    expect([last!.header.get('KV-Operation'), last!.data.byteLength]).toEqual(['DEL', 0]);
  });
});
