import { waitUntil } from '../../../wait-until.js';
import type { GatewayChoices, OpenGateway } from '../open-gateway.js';
import { ID, type LiveInspection } from './live-inspection.js';
import { EVENTS, openLive, type Live } from './open-live.js';
import { readStream, textsOf, type ReadEvent } from './read-stream.js';

describe('GET /inspect/{id}/events', () => {
  let live: Live | undefined;
  let inspection: LiveInspection;
  let gateway: OpenGateway;
  let url: string;

  async function open(batchSize = 1, feeds: GatewayChoices['feeds'] = {}): Promise<void> {
    live = await openLive(batchSize, feeds);
    ({ inspection, gateway, url } = live);
  }
  afterEach(() => live?.close());

  it('tells of every change, of each kind in order, and ends', async () => {
    await open();
    inspection.position = 3;
    const seen: ReadEvent[] = [];
    const stream = readStream(url, { onEvent: (event) => seen.push(event) });
    const until = (test: (event: ReadEvent) => boolean) => waitUntil(() => seen.some(test));
    await until(({ data }) => data['position'] === 3);
    inspection.position = null;
    await until(({ event, data }) => event === 'phase' && data['position'] === null);
    inspection.addToBuildLog('STEP 1\n');
    await until(({ event }) => event === 'build_log');
    inspection.write(0, 'stdout', 'out\n');
    await until(({ data }) => data['stream'] === 'stdout');
    inspection.write(0, 'stderr', 'err\n');
    await until(({ data }) => data['stream'] === 'stderr');
    inspection.end('failed');
    const { events, headers } = await stream;

    expect(headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    expect(headers['content-encoding']).toBeUndefined();
    const told = (...kinds: string[]) =>
      events.filter(({ event }) => kinds.includes(event)).map(({ data }) => data);
    const created = '2026-01-01T12:00:00.000Z';
    const phase = { inspection_id: ID, reason: null, message: null, position: null, created };
    expect(told('phase')).toEqual([
      { ...phase, phase: 'queued', position: 3, finished: null },
      { ...phase, phase: 'queued', finished: null },
      { ...phase, phase: 'building', finished: null },
      { ...phase, phase: 'running', finished: null },
      { ...phase, phase: 'failed', finished: '2026-01-01T12:00:10.000Z' },
    ]);
    expect(told('build_log')).toEqual([
      { text: 'STEP 1\n', complete: false },
      { text: '', complete: true },
    ]);
    expect(told('run', 'output')).toEqual([
      { item: 0, state: 'waiting', exit_code: null, reason: null },
      { item: 0, state: 'running', exit_code: null, reason: null },
      { item: 0, stream: 'stdout', text: 'out\n' },
      { item: 0, stream: 'stderr', text: 'err\n' },
      { item: 0, state: 'terminated', exit_code: 0, reason: null },
    ]);
    expect(told('end')).toEqual([
      {
        inspection_id: ID,
        phase: 'failed',
        reason: null,
        cut: [{ item: 0, stdout: true, stderr: false }],
      },
    ]);
    expect(events.at(-1)!.event).toBe('end');
  });

  it('of an inspection that has ended comes at once, for whatever is asked', async () => {
    await open(30);
    inspection.addToBuildLog('STEP 1\n');
    for (const item of [0, 19, 20, 29]) inspection.write(item, 'stdout', `run ${item}\n`);
    inspection.end();
    const logs = async (query: string) => textsOf((await readStream(`${url}${query}`)).events);
    expect(await logs('')).toEqual({
      build: 'STEP 1\n',
      '0 stdout': 'run 0\n',
      '19 stdout': 'run 19\n',
    });
    expect(await logs('?items=20,29,20&build_log=false')).toEqual({
      '20 stdout': 'run 20\n',
      '29 stdout': 'run 29\n',
    });
    expect(await logs('?items=')).toEqual({ build: 'STEP 1\n' });
  });

  it('goes on behind the last event id, and not at all behind the last event', async () => {
    await open();
    inspection.addToBuildLog('one\n');
    inspection.write(0, 'stdout', 'two\n');
    inspection.end();
    const { events } = await readStream(url);
    for (const [index, { id }] of events.slice(0, -1).entries()) {
      const rest = await readStream(url, { lastEventId: id });
      // What is of another kind may come in another order.
      expect(sorted(rest.events)).toEqual(sorted(events.slice(index + 1)));
      const byQuery = await readStream(`${url}?last_event_id=${id}`);
      expect(sorted(byQuery.events)).toEqual(sorted(rest.events));
    }
    expect((await readStream(url, { lastEventId: events.at(-1)!.id })).status).toBe(204);
  });

  it.each([
    ['an id of nobody', 404, '/api/v1/inspect/inspection-0000000000000000/events', {}],
    ['a run that there is not', 404, `${EVENTS}?items=0,2`, {}],
    ['runs that are no numbers', 400, `${EVENTS}?items=a`, {}],
    ['too many runs', 400, `${EVENTS}?items=${Array(21).fill(0).join(',')}`, {}],
    ['a last event id of nobody', 400, EVENTS, { 'last-event-id': 'abc' }],
    ['a long one', 400, EVENTS, { 'last-event-id': 'Z'.repeat(3_000) }],
    ['a strange one', 400, `${EVENTS}?last_event_id=%00%ff`, {}],
    ['one that is not written as ours', 400, EVENTS, { 'last-event-id': encode('g,007') }],
    ['one of a hundred runs', 400, EVENTS, { 'last-event-id': encode(`g,0${runs(100)}`) }],
    ['another method', 405, EVENTS, {}, 'POST'],
  ])('refuses %s as JSON', async (_what, status, path, headers, method = 'GET') => {
    await open(2);
    const answer = await gateway.call(path, { headers, method });
    expect([answer.status, answer.headers['content-type']]).toEqual([
      status,
      'application/json; charset=utf-8',
    ]);
    expect(answer.json()).toMatchObject({ error: expect.any(String) as string });
    expect(gateway.feeds.counts.followers).toBe(0);
  });

  it('goes on from any position that could be one, wherever that is', async () => {
    await open(1, { lingerMs: 10_000 });
    inspection.addToBuildLog('❄❄');
    inspection.write(0, 'stdout', 'two\n');
    inspection.end();
    const far = await readStream(url, { lastEventId: encode('g,999999999999;0.3.99999.7') });
    expect(far.events.at(-1)!.event).toBe('end');
    const midway = await readStream(url, { lastEventId: encode('g,1;0.3.1.0') });
    expect(textsOf(midway.events)['0 stdout']).toBe('wo\n');
    expect(textsOf((await readStream(url)).events)).toEqual({ build: '❄❄', '0 stdout': 'two\n' });
  });

  it('answers HEAD with its headers only', async () => {
    await open();
    const { status, headers, text } = await gateway.call(EVENTS, { method: 'HEAD' });
    expect([status, headers['content-type'], text]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      '',
    ]);
  });
});

function sorted(events: readonly ReadEvent[]): string[] {
  return events.map(({ event, data }) => JSON.stringify([event, data])).sort();
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function runs(count: number): string {
  return Array.from({ length: count }, (_, item) => `;${item}.0.0.0`).join('');
}
