import type { NatsConnection } from '@nats-io/transport-node';
import { jetstreamManager } from '@nats-io/jetstream';
import { Client } from 'undici';
import { createJetStreamStore } from '../shared/store/jetstream-store.js';
import type { Bench, BenchContext } from './bench.js';
import { compare } from './measure/compare.js';
import type { Figure, Goal } from './measure/figure.js';
import { loadServer } from './measure/load.js';
import { takeTurns, timeEach } from './measure/rounds.js';
import { median, p99 } from './measure/statistics.js';
import { using } from './stage/cleanup.js';
import { connectBench } from './stage/connect.js';
import { startEmptyServer } from './stage/empty-server.js';
import { storeHistory } from './stage/history.js';
import { startPart, type StackPart } from './stage/stack-part.js';

const INSPECTIONS = 100_000;
const LOAD = { milliseconds: 1_500, connections: 32 };
const LOAD_TURNS = { rounds: 5, seconds: 30 };
const LIST_TURNS = { rounds: 5, seconds: 20 };
const LISTS = 40;
const PAGE = 100;

/** Reading from a store that holds many inspections. */
export const status: Bench = {
  name: 'status',
  about: `status and list of ${INSPECTIONS} inspections`,
  needsEngine: false,
  run: (context) =>
    using(
      () => startPart(['status', 'gateway']),
      (part) =>
        using(
          () => connectBench(part.nats),
          async ({ nats }) => {
            const ids = await fill(context, nats);
            return [...(await measureStatus(part, ids)), ...(await measureList(part, nats))];
          },
        ),
    ),
};

async function fill(context: BenchContext, nats: NatsConnection): Promise<string[]> {
  const started = performance.now();
  const ids = await storeHistory(createJetStreamStore(nats), INSPECTIONS);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  context.say(`status: ${INSPECTIONS} inspections stored in ${seconds} s`);
  return ids;
}

async function measureStatus(part: StackPart, ids: readonly string[]): Promise<Figure[]> {
  const nextStatus = (): string => `/inspect/${anyOf(ids)}/status`;
  const answer = await (await fetch(part.urlOf('status') + nextStatus())).text();
  return using(
    () => startEmptyServer(answer),
    async (empty) => {
      const host = part.pidOf('status');
      const gateway = part.pidOf('gateway');
      const sides = {
        subject: () => ratesOf(part.urlOf('status'), [host], nextStatus),
        whole: () => ratesOf(part.url, [host, gateway], () => `/api/v1${nextStatus()}`),
        floor: () => ratesOf(empty.url, [empty.pid], () => '/'),
      };
      for (const side of Object.values(sides)) await side();
      const { subject, whole, floor } = await takeTurns(LOAD_TURNS, sides);
      const shared = {
        unit: '/s',
        statistic: median,
        floor: { what: 'empty server, same answer', rounds: floor },
      } as const;
      const goal: Goal = { of: 'value', bound: 'at least', limit: 3_000 };
      return [
        compare({ ...shared, subject, goal, what: 'status a second of the function’s CPU time' }),
        compare({ ...shared, subject: whole, what: 'the same with the gateway’s CPU time too' }),
      ];
    },
  );
}

/** Requests for each second of CPU time: what one core of the server could do. */
async function ratesOf(
  url: string,
  pids: readonly number[],
  nextPath: () => string,
): Promise<number[]> {
  const { requests, cpu } = await loadServer(url, pids, nextPath, LOAD);
  return [requests / cpu];
}

async function measureList(part: StackPart, nats: NatsConnection): Promise<Figure[]> {
  const client = new Client(part.url);
  const manager = await jetstreamManager(nats);
  const pages = INSPECTIONS / PAGE;
  const anyPage = (): number => 1 + Math.floor(Math.random() * pages);
  const list = (details: boolean) => () =>
    timeEach(LISTS, () => getList(client, anyPage(), details));
  /** The same hundred messages, by their sequence, with nothing around. */
  const bare = (stream: string) => () =>
    timeEach(LISTS, () => {
      const last = anyPage() * PAGE;
      return Promise.all(
        Array.from({ length: PAGE }, (_, index) =>
          manager.direct.getMessage(stream, { seq: last - index }),
        ),
      );
    });
  const sides = {
    ids: list(false),
    details: list(true),
    bareIds: bare('KV_amun-index'),
    bareDetails: bare('KV_amun-inspections'),
  };
  try {
    for (const side of Object.values(sides)) await side();
    const taken = await takeTurns(LIST_TURNS, sides);
    const goal: Goal = { of: 'value', bound: 'at most', limit: 50 };
    const floor = (rounds: typeof taken.ids) => ({ what: `${PAGE} bare reads`, rounds });
    return ([median, p99] as const).flatMap((statistic) => {
      const shared = { unit: 'ms', statistic } as const;
      const name = statistic === p99 ? 'p99' : 'median';
      const aim = statistic === p99 ? { goal } : {};
      return [
        compare({
          ...shared,
          ...aim,
          what: `list ${PAGE} of ${INSPECTIONS}, ${name}`,
          subject: taken.ids,
          floor: floor(taken.bareIds),
        }),
        compare({
          ...shared,
          what: `the same with details, ${name}`,
          subject: taken.details,
          floor: floor(taken.bareDetails),
        }),
      ];
    });
  } finally {
    await client.close();
  }
}

async function getList(client: Client, page: number, details: boolean): Promise<void> {
  const path = `/api/v1/inspect?page=${page}&limit=${PAGE}${details ? '&details=true' : ''}`;
  const { statusCode, body } = await client.request({ method: 'GET', path });
  const { inspections = [] } = (await body.json()) as { inspections?: unknown[] };
  if (statusCode !== 200 || inspections.length !== PAGE) {
    throw new Error(`${path} answered ${statusCode} with ${inspections.length} inspections.`);
  }
}

function anyOf<T>(list: readonly T[]): T {
  return list[Math.floor(Math.random() * list.length)]!;
}
