import { randomBytes } from 'node:crypto';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import type { Store } from '../../../shared/store/port.js';
import { describeWithNats } from '../../nats-server.js';
import { patientStore } from '../../patient-jetstream.js';
import { useNats } from '../../use-nats.js';
import { waitUntil } from '../../wait-until.js';

const CHUNKS = 'AMUN_ARTIFACT_CHUNKS';

describeWithNats('JetStreamArtifacts', () => {
  // Far less than the default, as some sites have it.
  const nats = useNats('all', { configuration: 'max_payload: 65536' });
  let manager: JetStreamManager;
  let store: Store;
  beforeAll(async () => {
    manager = await jetstreamManager(nats.connection);
    store = patientStore(nats.connection);
  });

  const chunks = async () => (await manager.streams.info(CHUNKS)).state.messages;

  it('keeps 20 MB that do not compress', async () => {
    const content = randomBytes(20 * 1024 * 1024);
    await store.artifacts.put('large/results/0/log', content);
    const found = await store.artifacts.get('large/results/0/log');
    expect(Buffer.compare(Buffer.from(found!), content)).toBe(0);
    await store.artifacts.remove('large/results/0/log');
    expect(await chunks()).toBe(0);
  });

  it('leaves nothing behind when an artifact is put again or replaced', async () => {
    const key = 'again/build/log';
    const content = randomBytes(300_000);
    await store.artifacts.put(key, content);
    const once = await chunks();
    expect(once).toBeGreaterThan(3);
    const { state } = await manager.streams.info('KV_amun-artifacts');
    await store.artifacts.put(key, content);
    expect(await chunks()).toBe(once);
    expect((await manager.streams.info('KV_amun-artifacts')).state.last_seq).toBe(state.last_seq);
    await Promise.all([1, 2, 3].map(() => store.artifacts.put(key, randomBytes(300_000))));
    expect(await chunks()).toBe(once);
    await store.artifacts.put(key, 'small');
    expect(await chunks()).toBe(0);
  });

  it('can be read while it is replaced', async () => {
    const key = 'busy/build/log';
    const contents = [randomBytes(400_000), randomBytes(400_000)];
    await store.artifacts.put(key, contents[0]!);
    const state = { done: false };
    const writing = (async () => {
      for (let i = 1; i < 30; i += 1) await store.artifacts.put(key, contents[i % 2]!);
      state.done = true;
    })();
    let reads = 0;
    while (!state.done) {
      const found = Buffer.from((await store.artifacts.get(key))!);
      expect(contents.some((content) => content.equals(found))).toBe(true);
      reads += 1;
    }
    await writing;
    expect(reads).toBeGreaterThan(3);
  });

  it('says so when a part is lost, and when what is stored is not ours', async () => {
    const lost = randomBytes(300_000);
    await store.artifacts.put('lost/log', lost);
    await manager.streams.purge(CHUNKS);
    const damaged = (how: string) => ({
      code: 'Internal',
      message: expect.stringContaining(how) as unknown,
    });
    await expect(store.artifacts.get('lost/log')).rejects.toMatchObject(damaged('lost/log'));
    await store.artifacts.put('lost/log', lost);
    expect(await store.artifacts.get('lost/log')).toHaveLength(300_000);
    const forged = headers();
    for (const [name, value] of [
      ['Form', 'whole'],
      ['Size', '1000'],
      ['Digest', 'x'],
    ] as const) {
      forged.set(`Amun-${name}`, value);
    }
    const client = manager.jetstream();
    await client.publish('$KV.amun-artifacts.forged/log', 'no gzip', { headers: forged });
    await expect(store.artifacts.get('forged/log')).rejects.toMatchObject(damaged('unpacked'));
    await client.publish('$KV.amun-artifacts.bare/log', 'x');
    await expect(store.artifacts.get('bare/log')).rejects.toMatchObject(damaged('headers'));
    forged.set('Amun-Form', 'chunked');
    await client.publish('$KV.amun-artifacts.list/log', '{"sequences":[-1]}', { headers: forged });
    await expect(store.artifacts.get('list/log')).rejects.toMatchObject(damaged('chunks'));
    const marker = headers();
    marker.set('KV-Operation', 'DEL');
    await client.publish('$KV.amun-artifacts.deleted/log', '', { headers: marker });
    expect(await store.artifacts.get('deleted/log')).toBeUndefined();
    // A new put mends all of them.
    for (const name of ['lost', 'forged', 'bare', 'list', 'deleted']) {
      await store.artifacts.put(`${name}/log`, name);
      const found = await store.artifacts.get(`${name}/log`);
      expect(new TextDecoder().decode(found)).toBe(name);
    }
  });

  it('refuses keys that mean something to NATS', async () => {
    for (const key of ['', '*', 'a.>', 'a b', '.a', 'a..b', 'a\n', 'ä', 'x'.repeat(600)]) {
      await expect(store.artifacts.get(key)).rejects.toMatchObject({ code: 'InvalidRequest' });
      await expect(store.artifacts.put(key, '')).rejects.toMatchObject({ code: 'InvalidRequest' });
    }
  });

  it('forgets by age', async () => {
    const brief = patientStore(nats.connection, { artifactAgeMs: 500 });
    await brief.artifacts.put('brief/log', 'x');
    await waitUntil(async () => (await brief.artifacts.get('brief/log')) === undefined);
  });
});
