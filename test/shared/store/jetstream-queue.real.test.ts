import { jest } from '@jest/globals';
import { Readable } from 'node:stream';
import { jetstream, jetstreamManager, type JetStreamClient } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import type { Queue } from '../../../shared/store/port.js';
import { freshId } from '../../contract/fresh-id.js';
import { describeWithNats } from '../../nats-server.js';
import { patientStore } from '../../patient-jetstream.js';
import { useNats } from '../../use-nats.js';
import { waitUntil } from '../../wait-until.js';

const STREAM = 'KV_amun-queue-runs';

describeWithNats('JetStreamQueue', () => {
  const nats = useNats('each');
  let client: JetStreamClient;
  let queue: Queue;
  beforeEach(async () => {
    client = jetstream(nats.connection);
    queue = patientStore(nats.connection).queues.runs;
    await queue.list();
  });

  async function enter(count: number, weight = 1): Promise<string[]> {
    const ids = Array.from({ length: count }, () => freshId());
    for (const id of ids) await queue.enter(id, weight);
    return ids;
  }
  /** How many messages go out and come in for it. */
  async function count(work: () => Promise<unknown>): Promise<{ out: number; in: number }> {
    const before = { ...nats.connection.stats() };
    await work();
    const after = nats.connection.stats();
    return { out: after.outMsgs - before.outMsgs, in: after.inMsgs - before.inMsgs };
  }

  it('reads no more of a long queue than fits, and asks as often as for a short one', async () => {
    const ids = await enter(500);
    const admitted = await count(() => queue.admitted(3));
    expect(admitted.in).toBeLessThanOrEqual(3 + 2);
    expect(admitted.out).toBe(3);
    const position = await count(async () => {
      expect(await queue.position(ids[499]!, 3)).toBe(497);
    });
    expect(position.in).toBeLessThanOrEqual(3 + 5);
    expect(position.out).toBe(6);
  });

  it('asks for what is due in two questions while nobody waits', async () => {
    for (const id of await enter(5)) await queue.begin(id);
    expect(await count(() => queue.due(5))).toEqual({ out: 2, in: 2 });
  });

  it('reads again what did not come in time, since others would pass it', async () => {
    const ids = await enter(5);
    const ask = jest.spyOn(nats.connection, 'requestMany');
    // The process stood still until the time for answers was over.
    ask.mockResolvedValueOnce(Readable.from([]));
    expect(await queue.admitted(3)).toEqual(new Set(ids.slice(0, 3)));
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('leaves no consumers behind', async () => {
    const ids = await enter(5);
    for (let n = 0; n < 10; n += 1) await queue.admitted(2);
    await queue.position(ids[4]!, 2);
    const manager = await jetstreamManager(nats.connection);
    await waitUntil(async () => (await manager.streams.info(STREAM)).state.consumer_count === 0);
  });

  it('passes over the markers of other tools, and gives a place to whom one was taken', async () => {
    const ids = await enter(3);
    const marker = headers();
    marker.set('KV-Operation', 'DEL');
    await client.publish(`$KV.amun-queue-runs.${ids[0]!}`, '', { headers: marker });
    expect([...(await queue.admitted(3))]).toEqual([ids[1], ids[2]]);
    expect(await queue.position(ids[0]!, 1)).toBeUndefined();
    await queue.enter(ids[0]!, 1);
    expect([...(await queue.admitted(3))]).toEqual([ids[1], ids[2], ids[0]]);
  });

  it.each(['', 'many', '-3', '0', '1.5'])('counts the weight %j as 1', async (weight) => {
    const [first, second] = [freshId(), freshId()];
    await client.publish(`$KV.amun-queue-runs.${first}`, weight);
    await queue.enter(second, 1);
    expect([...(await queue.admitted(2))]).toEqual([first, second]);
  });

  it('keeps its order over a restart of the server', async () => {
    const ids = await enter(4);
    await queue.begin(ids[0]!);
    await nats.server.kill();
    await nats.server.start();
    expect([...(await queue.admitted(2))]).toEqual(ids.slice(0, 2));
    expect(await queue.due(2)).toEqual([ids[1]]);
    expect(await queue.position(ids[3]!, 2)).toBe(2);
  });
});
