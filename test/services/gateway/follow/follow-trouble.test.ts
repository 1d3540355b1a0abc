import { once } from 'node:events';
import { connect } from 'node:net';
import { waitUntil } from '../../../wait-until.js';
import type { GatewayChoices, OpenGateway } from '../open-gateway.js';
import type { LiveInspection } from './live-inspection.js';
import { EVENTS, openLive, type Live } from './open-live.js';
import { readStream, textsOf, type ReadEvent } from './read-stream.js';

describe('a stream of events in trouble', () => {
  let live: Live | undefined;
  let inspection: LiveInspection;
  let gateway: OpenGateway;
  let url: string;

  async function open(batchSize = 1, feeds: GatewayChoices['feeds'] = {}): Promise<void> {
    live = await openLive(batchSize, feeds);
    ({ inspection, gateway, url } = live);
  }
  afterEach(() => live?.close());

  it('says what the function says, and that it is not there', async () => {
    await open();
    inspection.refusal = [503, { error: 'The store does not answer.', code: 'Unavailable' }];
    const answer = await gateway.call(EVENTS);
    expect(answer.json()).toMatchObject({ error: 'The store does not answer.' });
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5']);
    inspection.refusal = undefined;
    inspection.end();
    expect((await readStream(url)).status).toBe(200);
  });

  it('outlives a function that fails for a while, and ends where the inspection vanishes', async () => {
    await open();
    const seen: ReadEvent[] = [];
    const stream = readStream(url, { onEvent: (event) => seen.push(event) });
    await waitUntil(() => seen.length > 0);
    inspection.refusal = [500, { error: 'A mistake.', code: 'Internal' }];
    const asked = inspection.asked.length;
    await waitUntil(() => inspection.asked.length > asked + 1);
    inspection.addToBuildLog('on\n');
    inspection.refusal = undefined;
    await waitUntil(() => seen.some(({ event }) => event === 'build_log'));
    inspection.refusal = [404, { error: 'There is no inspection.', code: 'NotFound' }];
    await expect(stream).rejects.toThrow();
    expect((await gateway.call(EVENTS)).status).toBe(404);
  });

  it('has a bound, and takes followers again when others went', async () => {
    await open(1, { maxFollowers: 2, lingerMs: 0 });
    const stop = new AbortController();
    const followers = [1, 2].map(() => readStream(url, { signal: stop.signal }));
    await waitUntil(() => gateway.feeds.counts.followers === 2);
    const refused = await gateway.call(EVENTS);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '5']);
    stop.abort();
    // One whose answer had not come yet is told of the abort.
    await Promise.allSettled(followers);
    await waitUntil(() => gateway.feeds.counts.followers === 0);
    await waitUntil(() => gateway.feeds.counts.feeds === 0);
    inspection.end();
    expect((await readStream(url)).status).toBe(200);
  });

  it('keeps nothing for a client that does not read, and stops asking when it went', async () => {
    await open(1, { keptCharacters: 10_000, lingerMs: 0 });
    const socket = connect(gateway.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`GET ${EVENTS} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
    socket.pause();
    await waitUntil(() => gateway.feeds.counts.followers === 1);
    const quick = readStream(url);
    // More than the sockets' buffers between the two take.
    const part = 'x'.repeat(1024 * 1024);
    for (let count = 0; count < 24; count += 1) inspection.write(0, 'stdout', part);
    inspection.end();
    const { events } = await quick;
    expect(textsOf(events)['0 stdout']).toHaveLength(24 * part.length);
    socket.destroy();
    await waitUntil(() => gateway.feeds.counts.feeds === 0);
    const { length } = inspection.asked;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(inspection.asked).toHaveLength(length);
  }, 60_000);

  it('ends with the gateway', async () => {
    await open();
    const seen: ReadEvent[] = [];
    const stream = readStream(url, { onEvent: (event) => seen.push(event) });
    await waitUntil(() => seen.length > 0);
    gateway.stop();
    const { events } = await stream;
    expect(events.map(({ event }) => event)).not.toContain('end');
    expect(gateway.feeds.counts.feeds).toBe(0);
  });
});
