import { setTimeout as sleep } from 'node:timers/promises';
import {
  closedWatch,
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

test('all that is there is told, then each change', async () => {
  watched = await listAndWatchServer(
    [list(5, pod('a', 1), pod('b', 2))],
    [
      watch(
        event('MODIFIED', pod('a', 6)),
        event('ADDED', pod('c', 7)),
        event('DELETED', pod('b', 8)),
      ),
    ],
  );
  await watched.until(() => watched.told.length === 6);
  expect(watched.told).toEqual([
    'present a@1 uid-a',
    'present b@2 uid-b',
    'listed',
    'present a@6 uid-a',
    'present c@7 uid-c',
    'gone b@8 uid-b',
  ]);
  const query = Object.fromEntries(watched.watches[0]!.url.searchParams);
  expect(query).toMatchObject({ watch: 'true', allowWatchBookmarks: 'true', resourceVersion: '5' });
  expect(Number(query['timeoutSeconds'])).toBeGreaterThanOrEqual(240);
  expect(Number(query['timeoutSeconds'])).toBeLessThanOrEqual(300);
});

test('the selection is asked for, in list and watch', async () => {
  watched = await listAndWatchServer([list(5)], [watch()], {
    labelSelector: 'a=b,!c',
    metadataOnly: true,
  });
  await watched.until(() => watched.watches.length === 1);
  for (const { url } of [watched.lists[0]!, watched.watches[0]!]) {
    expect(url.searchParams.get('labelSelector')).toBe('a=b,!c');
  }
  expect(watched.lists[0]!.headers.accept).toContain('PartialObjectMetadataList');
  expect(watched.watches[0]!.headers.accept).toContain('PartialObjectMetadata;');
});

test('objects come without managedFields', async () => {
  watched = await listAndWatchServer([list(5, pod('a', 1))]);
  await watched.until(() => watched.told.includes('listed'));
  expect(JSON.stringify(watched.events)).not.toContain('managedFields');
  expect(watched.events[0]).toMatchObject({ object: { raw: { status: { phase: 'Running' } } } });
});

test('a list comes in pages, whose version is the first one', async () => {
  watched = await listAndWatchServer([
    (response) =>
      answerJson(response, {
        metadata: { resourceVersion: '5', continue: 'more' },
        items: [pod('a', 1)],
      }),
    list(9, pod('b', 2)),
  ]);
  await watched.until(() => watched.watches.length === 1);
  expect(watched.lists.map(({ url }) => url.searchParams.get('continue'))).toEqual([null, 'more']);
  expect(watched.lists[0]!.url.searchParams.get('limit')).toBe('500');
  expect(watched.told).toEqual(['present a@1 uid-a', 'present b@2 uid-b', 'listed']);
  expect(watched.watches[0]!.url.searchParams.get('resourceVersion')).toBe('5');
});

test('a list that expires in the middle starts over; what was told is not told again', async () => {
  const page = {
    metadata: { resourceVersion: '5', continue: 'm' },
    items: [pod('a', 1), pod('b', 2)],
  };
  watched = await listAndWatchServer([
    (response) => answerJson(response, page),
    refuse(410, 'Expired'),
    list(8, pod('a', 1), pod('c', 7)),
  ]);
  await watched.until(() => watched.told.includes('listed'));
  expect(watched.told).toEqual([
    'present a@1 uid-a',
    'present b@2 uid-b',
    'present c@7 uid-c',
    'gone b@2 uid-b',
    'listed',
  ]);
});

test('after the end of a watch the next one goes on, also from a bookmark', async () => {
  watched = await listAndWatchServer(
    [list(5)],
    [
      closedWatch(event('ADDED', pod('a', 6))),
      closedWatch(event('BOOKMARK', { kind: 'Pod', metadata: { resourceVersion: '20' } })),
      watch(),
    ],
  );
  await watched.until(() => watched.watches.length === 3);
  const versions = watched.watches.map(({ url }) => url.searchParams.get('resourceVersion'));
  expect(versions).toEqual(['5', '6', '20']);
  expect(watched.lists).toHaveLength(1);
});

test.each([
  ['an answer', refuse(410, 'Expired')],
  ['an event', closedWatch(event('ERROR', { kind: 'Status', code: 410, reason: 'Expired' }))],
])('410 as %s lists anew: changed, vanished, made anew under the same name', async (_, gone) => {
  watched = await listAndWatchServer(
    [
      list(5, pod('same', 1), pod('changed', 1), pod('vanished', 1), pod('reborn', 1, 'first')),
      list(9, pod('same', 1), pod('changed', 8), pod('reborn', 7, 'second')),
    ],
    [gone, watch()],
  );
  await watched.until(() => watched.watches.length === 2);
  expect(watched.told.slice(5)).toEqual([
    'present changed@8 uid-changed',
    'gone reborn@1 first',
    'present reborn@7 second',
    'gone vanished@1 uid-vanished',
    'listed',
  ]);
  expect(watched.watches[1]!.url.searchParams.get('resourceVersion')).toBe('9');
});

test('a name that is another object by now: gone, then present', async () => {
  watched = await listAndWatchServer(
    [list(5, pod('a', 1, 'first'))],
    [
      watch(
        event('MODIFIED', pod('a', 6, 'second')),
        event('DELETED', pod('a', 7, 'first')),
        event('DELETED', pod('stranger', 8)),
        event('ADDED', pod('end', 9)),
      ),
    ],
  );
  await watched.until(() => watched.told.includes('present end@9 uid-end'));
  expect(watched.told.slice(2)).toEqual([
    'gone a@1 first',
    'present a@6 second',
    'present end@9 uid-end',
  ]);
});

test('the signal ends it at once, wherever it is', async () => {
  watched = await listAndWatchServer([list(5)], [watch()]);
  await watched.until(() => watched.watches.length === 1);
  const started = Date.now();
  await watched.stop();
  expect(Date.now() - started).toBeLessThan(30_000);
  watched = await listAndWatchServer([() => undefined]);
  await watched.until(() => watched.lists.length === 1);
  await watched.stop();
  watched = await listAndWatchServer([refuse(500, 'InternalError')]);
  await sleep(500);
  await watched.stop();
  expect(Date.now() - started).toBeLessThan(60_000);
});
