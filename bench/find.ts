import type { NatsConnection } from '@nats-io/transport-node';
import { jetstreamManager } from '@nats-io/jetstream';
import { Client } from 'undici';
import type { InspectionRecord } from '../shared/inspection/record.js';
import { createJetStreamStore } from '../shared/store/jetstream-store.js';
import type { Store } from '../shared/store/port.js';
import type { Bench, BenchContext } from './bench.js';
import { compare } from './measure/compare.js';
import type { Figure, Goal } from './measure/figure.js';
import { residentMegabytes } from './measure/process-usage.js';
import { takeTurns, timeEach, timeOnce } from './measure/rounds.js';
import { median, p99 } from './measure/statistics.js';
import { using } from './stage/cleanup.js';
import { connectBench } from './stage/connect.js';
import { finishedRecord, storeFinished, storeHistory } from './stage/history.js';
import { startPart, type StackPart } from './stage/stack-part.js';

const INSPECTIONS = 100_000;
const SUITES = 100;
const PAGE = 100;
const CALLS = 40;
const TURNS = { rounds: 5, seconds: 25 };
const GOAL: Goal = { of: 'value', bound: 'at most', limit: 50 };

/** Finding inspections among many by what they say. */
export const find: Bench = {
  name: 'find',
  about: `pages of ${INSPECTIONS} inspections by filter and cursor`,
  needsEngine: false,
  run: (context) =>
    using(
      () => startPart(['status', 'gateway']),
      (part) =>
        using(
          () => connectBench(part.nats),
          ({ nats }) => measure(context, part, nats),
        ),
    ),
};

/** One in a hundred belongs to a suite; one in ten has failed. */
function vary(record: InspectionRecord, index: number): InspectionRecord {
  const labels = { suite: `s${index % SUITES}`, team: 'performance' };
  return index % 10 === 0 ? { ...record, labels, phase: 'failed' } : { ...record, labels };
}

async function measure(
  context: BenchContext,
  part: StackPart,
  nats: NatsConnection,
): Promise<Figure[]> {
  const store = createJetStreamStore(nats);
  const ids = await storeHistory(store, INSPECTIONS, vary);
  context.say(`find: ${INSPECTIONS} inspections stored`);
  const client = new Client(part.url);
  try {
    const pid = part.pidOf('status');
    await getPage(client, 'limit=1');
    const before = residentMegabytes(pid);
    const first = await timeOnce(() => getPage(client, 'label=suite=s1'));
    const grown = residentMegabytes(pid) - before;
    return [
      { what: 'the first search of a process', value: first / 1000, unit: 's', count: 1 },
      { what: 'memory that it takes', value: grown, unit: 'MB', count: 1 },
      ...(await measurePages(client, store, nats, ids)),
    ];
  } finally {
    await client.close();
  }
}

async function measurePages(
  client: Client,
  store: Store,
  nats: NatsConnection,
  ids: readonly string[],
): Promise<Figure[]> {
  const manager = await jetstreamManager(nats);
  const anyOf = (count: number): number => Math.floor(Math.random() * count);
  const pages = (search: () => string) => () => timeEach(CALLS, () => getPage(client, search()));
  const sides = {
    label: pages(() => `label=suite=s${anyOf(SUITES)}`),
    cursor: pages(() => `phase=succeeded&cursor=${Date.now() - anyOf(60_000)}-${'f'.repeat(16)}`),
    nothing: pages(() => 'label=suite=none'),
    written: async () => {
      const times: number[] = [];
      for (let call = 0; call < CALLS; call += 1) {
        await storeFinished(store, vary(finishedRecord(), call));
        times.push(await timeOnce(() => getPage(client, `label=suite=s${call % SUITES}`)));
      }
      return times;
    },
    bare: () =>
      timeEach(CALLS, () =>
        Promise.all(
          Array.from({ length: PAGE }, () =>
            manager.direct.getMessage('KV_amun-inspections', {
              last_by_subj: `$KV.amun-inspections.${ids[anyOf(ids.length)]!}`,
            }),
          ),
        ),
      ),
  };
  for (const side of Object.values(sides)) await side();
  const taken = await takeTurns(TURNS, sides);
  const floor = { what: `${PAGE} bare reads`, rounds: taken.bare };
  const subjects = [
    ['a page by label', taken.label],
    ['a page by phase, from a cursor on', taken.cursor],
    ['a search for what there is not', taken.nothing],
    ['a page by label, after something was written', taken.written],
  ] as const;
  return subjects.flatMap(([what, subject]) => [
    compare({ what: `${what}, median`, unit: 'ms', statistic: median, subject, floor }),
    compare({ what: `${what}, p99`, unit: 'ms', statistic: p99, subject, floor, goal: GOAL }),
  ]);
}

async function getPage(client: Client, search: string): Promise<void> {
  const path = `/api/v1/inspect?${search}`;
  const { statusCode, body } = await client.request({ method: 'GET', path });
  const { error } = (await body.json()) as { error?: string };
  if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}: ${error ?? ''}`);
}
