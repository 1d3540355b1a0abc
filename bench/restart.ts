import { setTimeout as sleep } from 'node:timers/promises';
import { createJetStreamBus } from '../shared/bus/jetstream-bus.js';
import { createJetStreamStore } from '../shared/store/jetstream-store.js';
import type { Bench, BenchContext } from './bench.js';
import type { Figure, Goal } from './measure/figure.js';
import { compare } from './measure/compare.js';
import { takeTurns, timeOnce } from './measure/rounds.js';
import { cpuMilliseconds } from './measure/process-usage.js';
import { median } from './measure/statistics.js';
import { using } from './stage/cleanup.js';
import { connectBench } from './stage/connect.js';
import { startStack, type FullStack } from './stage/full-stack.js';
import { storeWholeHistory } from './stage/history.js';
import { inspect, statusOf, submitTo } from './stage/inspections.js';

const FINISHED = 10_000;
const IN_FLIGHT = 100;
const TURNS = { rounds: 5, seconds: 60 };
const GOAL: Goal = { of: 'value', bound: 'at most', limit: 2 };
const KNOWN = ['queued', 'building', 'running'];

/** Everything killed and started again, with nothing in the store and with much. */
export const restart: Bench = {
  name: 'restart',
  about: `kill -9 of everything, with ${FINISHED} inspections finished and ${IN_FLIGHT} in flight`,
  needsEngine: true,
  run: async (context) => {
    const { base = '' } = context;
    return using(
      () => startStack(),
      (empty) =>
        using(
          () => startStack(),
          async (full) => {
            await fill(context, full);
            const ids = await putInFlight(full, base);
            const restarts: Restart[] = [];
            const floors: Restart[] = [];
            await takeTurns(TURNS, {
              subject: async () => [restarts.push(await restartOnce(full, ids))],
              floor: async () => [floors.push(await restartOnce(empty, []))],
            });
            return figures(restarts, floors);
          },
        ),
    );
  },
};

/** One restart, seconds. */
interface Restart {
  /** From the start of `amun up` until it says that it is ready: all that is in flight was seen. */
  readonly ready: number;
  /** From there until each in flight told where it stands. */
  readonly told: number;
  /** CPU time of all processes of the stack together until it was ready. */
  readonly cpu: number;
}

function figures(restarts: readonly Restart[], floors: readonly Restart[]): Figure[] {
  const figure = (what: string, goal: Goal | undefined, read: (one: Restart) => number): Figure =>
    compare({
      what,
      unit: 's',
      statistic: median,
      subject: restarts.map((one) => [read(one)]),
      floor: { what: 'with nothing stored', rounds: floors.map((one) => [read(one)]) },
      ...(goal === undefined ? {} : { goal }),
    });
  return [
    figure('restart until all in flight was seen, median', GOAL, (one) => one.ready),
    figure('… and each has told its status, median', GOAL, (one) => one.ready + one.told),
    figure('CPU time of a restart, median', undefined, (one) => one.cpu),
  ];
}

async function fill(context: BenchContext, stack: FullStack): Promise<void> {
  const time = await timeOnce(async () =>
    using(
      async () => connectBench(await stack.nats()),
      ({ nats }) =>
        storeWholeHistory(createJetStreamStore(nats), createJetStreamBus(nats), FINISHED),
    ),
  );
  context.say(`restart: ${FINISHED} inspections stored in ${(time / 1000).toFixed(0)} s`);
}

/** Runs that last longer than this bench: some of them run, the rest waits. */
async function putInFlight(stack: FullStack, base: string): Promise<string[]> {
  await inspect(stack.url, { base, script: '#!/bin/sh\ntrue\n' });
  const requests = { requests: { cpu: '500m', memory: '64Mi' } };
  const script = '#!/bin/sh\nsleep 900\n';
  return Promise.all(
    Array.from({ length: IN_FLIGHT }, () => submitTo(stack.url, { base, script, run: requests })),
  );
}

async function restartOnce(stack: FullStack, ids: readonly string[]): Promise<Restart> {
  await stack.kill();
  // What was killed lets go of its ports, files and locks.
  await sleep(500);
  const ready = await timeOnce(() => stack.start());
  const cpu = stack.processes().reduce((sum, { pid }) => sum + cpuMilliseconds(pid), 0);
  const told = await timeOnce(async () => {
    const statuses = await Promise.all(ids.map((id) => statusOf(stack.url, id)));
    const lost = statuses.find(({ phase }) => !KNOWN.includes(phase));
    if (lost !== undefined) throw new Error(`One in flight is ${JSON.stringify(lost)} now.`);
  });
  return { ready: ready / 1000, told: told / 1000, cpu: cpu / 1000 };
}
