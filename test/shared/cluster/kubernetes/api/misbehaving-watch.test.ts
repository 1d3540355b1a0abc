import {
  event,
  list,
  listAndWatchServer,
  pod,
  refuse,
  watch,
  type Watched,
} from './watched-server.js';
import { answerJson } from './test-server.js';

let watched: Watched;

afterEach(async () => {
  await watched.stop();
  expect(watched.hasEnded).toBe(true);
});

test('objects without metadata are left out, in lists and watches', async () => {
  const hostile = [
    {},
    null,
    7,
    'pod',
    [],
    { metadata: null },
    { metadata: [] },
    { metadata: { name: 'x' } },
    { metadata: { name: 'x', uid: '', resourceVersion: '1' } },
    { metadata: { name: 'a/b', uid: 'u', resourceVersion: '1' } },
    { metadata: { name: 'x'.repeat(300), uid: 'u', resourceVersion: '1' } },
    { metadata: { name: { a: 1 }, uid: ['u'], resourceVersion: 7 } },
  ];
  const events = ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'NEWS', null].flatMap((type) =>
    hostile.map((object) => ({ type, object })),
  );
  watched = await listAndWatchServer(
    [list(5, ...hostile, pod('a', 1))],
    [watch(...events, event('MODIFIED', pod('a', 6)))],
  );
  await watched.until(() => watched.told.length === 3);
  expect(watched.told).toEqual(['present a@1 uid-a', 'listed', 'present a@6 uid-a']);
  expect(watched.watches).toHaveLength(1);
});

test('of hostile metadata no more is read than which object it is; it pollutes nothing', async () => {
  const identity = { name: 'a', uid: 'u', resourceVersion: '1', namespace: 'n' };
  const metadata = {
    ...identity,
    labels: { good: 'yes', long: 'x'.repeat(64), number: 7 },
    annotations: { small: 's', huge: 'x'.repeat(1024 * 1024) },
    ownerReferences: [null, 7, { kind: 'K' }],
    creationTimestamp: 'yesterday',
  };
  const text = JSON.stringify({ metadata }).replace('"small"', '"__proto__":{"x":1},"small"');
  watched = await listAndWatchServer([list(5)], [watch(`{"type":"ADDED","object":${text}}\n`)]);
  await watched.until(() => watched.told.length === 2);
  const seen = watched.events[1];
  expect(seen?.type === 'present' && seen.object.metadata).toEqual(identity);
  expect(({} as { x?: unknown }).x).toBeUndefined();
});

test('an answer that is no list takes nothing away', async () => {
  watched = await listAndWatchServer(
    [
      list(5, pod('a', 1)),
      (response) => answerJson(response, { ok: true }),
      (response) => answerJson(response, { metadata: { resourceVersion: '8' }, items: {} }),
      (response) => answerJson(response, { metadata: { resourceVersion: '9' }, items: null }),
    ],
    [refuse(410, 'Expired'), watch()],
  );
  await watched.until(() => watched.watches.length === 2);
  expect(watched.told).toEqual(['present a@1 uid-a', 'listed', 'gone a@1 uid-a', 'listed']);
  expect(watched.lists).toHaveLength(4);
});

test('a line that comes in pieces is one; one that was cut is asked for again', async () => {
  const line = JSON.stringify(event('ADDED', pod('größer', 6)));
  const bytes = Buffer.from(`${line}\n`);
  watched = await listAndWatchServer(
    [list(5)],
    [
      async (response) => {
        response.writeHead(200);
        for (const byte of bytes) {
          response.write(Buffer.from([byte]));
          await new Promise((resolve) => setImmediate(resolve));
        }
        response.write(JSON.stringify(event('ADDED', pod('next', 7))).slice(0, 40));
        setTimeout(() => response.destroy(), 20);
      },
      watch(event('ADDED', pod('next', 7))),
    ],
  );
  await watched.until(() => watched.told.length === 3);
  expect(watched.told.slice(1)).toEqual(['present größer@6 uid-größer', 'present next@7 uid-next']);
  expect(watched.watches[1]!.url.searchParams.get('resourceVersion')).toBe('6');
});

test('a line of several MB is read; one above 8 MiB is not, and all is listed anew', async () => {
  const large = (name: string, version: number, bytes: number) =>
    event('ADDED', { ...pod(name, version), data: 'x'.repeat(bytes) });
  watched = await listAndWatchServer(
    [list(5), list(20, pod('large', 6), pod('huge', 7))],
    [watch(large('large', 6, 4_000_000), large('huge', 7, 9_000_000)), watch()],
  );
  await watched.until(() => watched.watches.length === 2);
  expect(watched.told).toEqual([
    'listed',
    'present large@6 uid-large',
    'present huge@7 uid-huge',
    'listed',
  ]);
  expect(watched.lists).toHaveLength(2);
});

test('a watch that falls silent is begun again from where it was', async () => {
  watched = await listAndWatchServer([list(5)], [watch(added('a', 6)), watch(added('b', 7))], {
    idleMs: 3_000,
  });
  await watched.until(() => watched.told.includes('present b@7 uid-b'));
  expect(watched.watches[1]!.url.searchParams.get('resourceVersion')).toBe('6');
  expect(watched.lists).toHaveLength(1);
});

test('pages that no answer can hold are asked for in smaller numbers', async () => {
  watched = await listAndWatchServer([
    (response) => void response.writeHead(200, { 'content-length': String(2 ** 30) }).write('{'),
    list(5, pod('a', 1)),
  ]);
  await watched.until(() => watched.told.includes('listed'));
  expect(watched.lists.map(({ url }) => url.searchParams.get('limit'))).toEqual(['500', '50']);
});

test('a version that the server does not know makes it list in the end', async () => {
  watched = await listAndWatchServer(
    [list(5, pod('a', 1)), list(3)],
    [...Array.from({ length: 3 }, () => refuse(504, 'Timeout')), watch()],
  );
  await watched.until(() => watched.lists.length === 2);
  await watched.until(() => watched.watches.length === 4);
  expect(watched.told).toEqual(['present a@1 uid-a', 'listed', 'gone a@1 uid-a', 'listed']);
});

function added(name: string, version: number): object {
  return event('ADDED', pod(name, version));
}
