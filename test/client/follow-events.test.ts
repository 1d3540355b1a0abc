import { jest } from '@jest/globals';
import { UnreachableError } from '../../client/api-error.js';
import type { Client } from '../../client/create-client.js';
import { followEvents, type InspectionEvent } from '../../client/follow-events.js';

const MINUTE = 60_000;
const PHASE = 'id: 1\nevent: phase\ndata: {"phase":"running"}\n\n';
const END = 'id: 2\nevent: end\ndata: {"cut":[]}\n\n';

/** A connection: what comes at once, and how long it lasts then. */
type Connection = readonly [text: string, milliseconds: number];

describe('following an inspection', () => {
  let now: number;
  let opened: (string | undefined)[];
  beforeEach(() => {
    now = Date.now();
    opened = [];
    jest.spyOn(Date, 'now').mockImplementation(() => now);
  });
  afterEach(() => jest.restoreAllMocks());

  /** Follows where every connection breaks, the last one again and again. */
  async function follow(...connections: readonly Connection[]): Promise<string[]> {
    async function* read([text, milliseconds]: Connection): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from(text));
      now += milliseconds;
      throw new UnreachableError('http://amun', undefined);
    }
    const client = {
      url: 'http://amun',
      follow: (_id: string, _wants: object, _signal: AbortSignal, lastEventId?: string) => {
        const connection = connections[opened.length] ?? connections.at(-1)!;
        opened.push(lastEventId);
        return Promise.resolve(read(connection));
      },
    } as unknown as Client;
    const wants = { items: [0], buildLog: true };
    const { signal } = new AbortController();
    const events: InspectionEvent[] = [];
    for await (const event of followEvents(client, 'id', wants, signal, () => undefined)) {
      events.push(event);
    }
    return events.map(({ event }) => event);
  }

  it('goes on after a connection is lost on which nothing was told for minutes', async () => {
    const events = await follow([PHASE, 3 * MINUTE], ['', 3 * MINUTE], [END, 0]);
    expect(events).toEqual(['phase', 'end']);
    expect(opened).toEqual([undefined, '1', '1']);
  });

  it('ends where connections are lost for more than a minute without an event', async () => {
    await expect(follow([PHASE, 0], [':\n\n', 35_000])).rejects.toBeInstanceOf(UnreachableError);
    expect(opened).toHaveLength(3);
  });

  it('begins to count anew with every event', async () => {
    const events = await follow(['', 35_000], ['', 35_000], [PHASE, 0], ['', 35_000], [END, 0]);
    expect(events).toEqual(['phase', 'end']);
  });
});
