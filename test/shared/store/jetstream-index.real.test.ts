import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { Store } from '../../../shared/store/port.js';
import { describeWithNats } from '../../nats-server.js';
import { patientStore } from '../../patient-jetstream.js';
import { useNats } from '../../use-nats.js';
import { waitUntil } from '../../wait-until.js';

const STREAM = 'KV_amun-index';

describeWithNats('JetStreamIndex', () => {
  const nats = useNats('all');
  let manager: JetStreamManager;
  let store: Store;
  beforeAll(async () => {
    manager = await jetstreamManager(nats.connection);
    store = patientStore(nats.connection);
  });

  async function everything(limit: number): Promise<string[]> {
    const ids: string[] = [];
    for (let page = 1; ; page += 1) {
      const { ids: found } = await store.index.list(page, limit);
      if (found.length === 0) return ids;
      ids.push(...found);
    }
  }

  it('pages rightly around whatever was deleted', async () => {
    const left: string[] = [];
    for (let seq = 1; seq <= 60; seq += 1) {
      await store.index.add(`inspection-${seq}`);
      left.push(`inspection-${seq}`);
    }
    // In the middle, in a row, at page boundaries, the oldest and the newest.
    for (const seq of [30, 40, 41, 42, 50, 51, 1, 2, 60, 59]) {
      await manager.streams.deleteMessage(STREAM, seq, false);
      left.splice(left.indexOf(`inspection-${seq}`), 1);
      const newestFirst = [...left].reverse();
      for (const limit of [1, 7, 10, 100]) expect(await everything(limit)).toEqual(newestFirst);
      expect((await store.index.list(3, 10)).total).toBe(left.length);
    }
    await store.index.add('inspection-61');
    expect((await store.index.list(1, 2)).ids).toEqual(['inspection-61', 'inspection-58']);
  });

  it('leaves out what has aged', async () => {
    const brief = patientStore(nats.connection, { recordAgeMs: 500 });
    await brief.index.add('inspection-brief');
    await waitUntil(async () => (await brief.index.list(1, 100)).total === 0);
    expect(await brief.index.list(1, 100)).toEqual({ ids: [], total: 0 });
  });
});
