import { setTimeout as sleep } from 'node:timers/promises';
import {
  closedWatch,
  event,
  list,
  listAndWatchServer,
  pod,
  refuse,
  watch,
} from './watched-server.js';

/** Requests within two seconds. */
const FEW = 8;

describe('a server that never does what it should is not overrun', () => {
  test.concurrent.each([
    ['closes the watch at once', [list(5)], [closedWatch()]],
    ['closes the watch after a bookmark', [list(5)], [closedWatch(bookmark(6))]],
    ['closes it after what is known', [list(5, pod('a', 1))], [closedWatch(added('a', 1))]],
    ['cuts the watch at once', [list(5)], [cut]],
    ['answers each watch with 410', [list(5)], [refuse(410, 'Expired')]],
    ['ends each watch with a 410', [list(5)], [closedWatch(event('ERROR', { code: 410 }))]],
    ['answers each watch with 500', [list(5)], [refuse(500, 'InternalError')]],
    ['answers each watch with 403', [list(5)], [refuse(403, 'Forbidden')]],
    ['answers each list with 500', [refuse(500, 'InternalError')], [watch()]],
    ['answers each list with 410', [refuse(410, 'Expired')], [watch()]],
    ['answers each list with 404', [refuse(404, 'NotFound')], [watch()]],
    ['answers each list with nonsense', [nonsense], [watch()]],
    ['sends lines that are not JSON', [list(5)], [closedWatch('{"type":\n')]],
    ['sends numbers and nulls', [list(5)], [closedWatch('7\nnull\n[]\n""\n')]],
  ])('%s', async (_, lists, watches) => {
    const watched = await listAndWatchServer(lists, watches);
    await sleep(2000);
    await watched.stop();
    expect(watched.hasEnded).toBe(true);
    expect(watched.server.received.length).toBeGreaterThanOrEqual(2);
    expect(watched.server.received.length).toBeLessThanOrEqual(FEW);
    expect(watched.told.filter((one) => one.startsWith('gone'))).toEqual([]);
  });
});

function added(name: string, version: number): object {
  return event('ADDED', pod(name, version));
}

function bookmark(version: number): object {
  return event('BOOKMARK', { metadata: { resourceVersion: String(version) } });
}

function cut(response: { destroy(): unknown }): void {
  response.destroy();
}

function nonsense(response: { end(text: string): unknown }): void {
  response.end('<html>');
}
