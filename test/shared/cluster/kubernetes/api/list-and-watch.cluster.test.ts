import { jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { mapBounded } from '../../../../../shared/concurrency/map-bounded.js';
import { requireRealkube } from '../../../../realkube.js';
import { waitUntil } from '../../../../wait-until.js';
import { followObjects, type Followed } from './follow-objects.js';
import { cutWayTo, useApiServer } from './use-api-server.js';

jest.setTimeout(900_000);

const MAPS = '/api/v1/namespaces/default/configmaps';
const LABEL = 'amun-test=watched';
const COUNT = 10_000;
const AT_ONCE = 16;

requireRealkube()('list and watch of a real API server', () => {
  const kubernetes = useApiServer({});
  let followed: Followed;

  afterEach(() => followed.stop());

  const create = (name: string, bytes = 1000) =>
    kubernetes.api.create(MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, labels: { 'amun-test': 'watched' } },
      data: { text: 'x'.repeat(bytes) },
    });
  const remove = (name: string) => kubernetes.api.remove(`${MAPS}/${name}`);
  const touch = (name: string, value: string) =>
    kubernetes.api.patch(`${MAPS}/${name}`, { metadata: { annotations: { touched: value } } });

  test('10,000 ConfigMaps, then changes', async () => {
    const names = Array.from({ length: COUNT }, (_, index) => `map-${index}`);
    const creating = performance.now();
    await mapBounded(names, AT_ONCE, (name) => create(name));
    report(`${COUNT} created`, creating);

    for (const metadataOnly of [true, false]) {
      const before = memory();
      const listing = performance.now();
      followed = followObjects(kubernetes.api, { path: MAPS, labelSelector: LABEL, metadataOnly });
      await waitUntil(() => followed.lists === 1, 120_000);
      report(`listed ${metadataOnly ? 'by metadata' : 'whole'}`, listing);
      print(`memory (RSS) ${before} MB before, ${memory()} MB after`);
      expect(followed.present.size).toBe(COUNT);
      if (metadataOnly) await followed.stop();
    }

    const changing = performance.now();
    await mapBounded(names.slice(0, 500), AT_ONCE, (name) => remove(name));
    await mapBounded(names.slice(0, 250), AT_ONCE, (name) => create(name));
    await waitUntil(
      () => followed.gone.length === 500 && followed.present.size === COUNT - 250,
      180_000,
    );
    report('750 changes made and seen', changing);
    expect(followed.wrong).toEqual([]);
    expect(followed.lists).toBe(1);
  });

  test('the API server is killed and comes back', async () => {
    const selection = { path: MAPS, labelSelector: LABEL, metadataOnly: true };
    followed = followObjects(kubernetes.api, selection);
    await waitUntil(() => followed.lists === 1, 120_000);
    const { size } = followed.present;
    const goneBefore = followed.gone.length;

    await kubernetes.realkube.kill('apiserver');
    await sleep(5000);
    await kubernetes.realkube.restart('apiserver');
    const back = performance.now();
    await create('after-the-kill');
    await waitUntil(() => followed.present.has('after-the-kill'), 180_000);
    report('after a kill of 5 s, until the first change was seen', back);
    print(`listed ${followed.lists} times`);
    expect(followed.present.size).toBe(size + 1);
    expect(followed.gone.length).toBe(goneBefore);
    expect(followed.wrong).toEqual([]);
  });

  test('the connection is cut every second', async () => {
    const way = await cutWayTo(kubernetes.realkube);
    followed = followObjects(way.api, { path: MAPS, labelSelector: LABEL, metadataOnly: true });
    await waitUntil(() => followed.lists === 1, 120_000);
    let told = 0;
    const timer = setInterval(() => {
      // A slow machine takes longer to connect again: it is cut once that has helped.
      if (followed.events > told) way.cut();
      told = followed.events;
    }, 1000);
    let rounds = 0;
    try {
      for (; rounds < 100 || way.cuts <= 5; rounds += 1) {
        await create(`cut-${rounds % 10}`);
        await touch(`cut-${rounds % 10}`, String(rounds));
        await sleep(70);
        await remove(`cut-${rounds % 10}`);
      }
      await create('cut-end');
      await waitUntil(() => followed.present.has('cut-end'));
    } finally {
      clearInterval(timer);
    }
    print(`cut ${way.cuts} times, listed ${followed.lists} times`);
    expect(followed.gone).toHaveLength(rounds);
    expect(followed.wrong).toEqual([]);
    expect(followed.lists).toBe(1);
    way.close();
  });
});

function memory(): number {
  return Math.round(process.memoryUsage.rss() / 1024 / 1024);
}

function report(what: string, since: number): void {
  print(`${what}: ${((performance.now() - since) / 1000).toFixed(2)} s`);
}

function print(line: string): void {
  process.stderr.write(`list and watch: ${line}\n`);
}
