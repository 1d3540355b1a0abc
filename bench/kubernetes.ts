import type { Bench, BenchContext } from './bench.js';
import { compare } from './measure/compare.js';
import type { Figure } from './measure/figure.js';
import { harmonicMean, median, p99 } from './measure/statistics.js';
import { using } from './stage/cleanup.js';
import { followCompletions, type Completions } from './stage/completions.js';
import type { FullStack } from './stage/full-stack.js';
import { submitTo } from './stage/inspections.js';
import { startPlainDriver, type PlainDriver } from './stage/plain-driver.js';
import { learnPods } from './stage/pod-templates.js';
import { SIMULATED_MS, type SimulatedCluster } from './stage/simulated-cluster.js';
import { onSimulatedCluster } from './stage/simulated-stack.js';
import { cpuOf, memoryOf } from './stage/usage-figures.js';

const ALONE = 20;
const MANY = 1000;
const AT_ONCE = 200;
/** Of all of them, so that no two share a build. */
let serial = 0;

/** Inspections with a build and a run each, on an API server with simulated nodes. */
export const kubernetes: Bench = {
  name: 'kubernetes',
  about: 'inspections on simulated nodes, against a plain driver of the same two pods each',
  needsEngine: false,
  run: (context) =>
    onSimulatedCluster(context, 'kubernetes', {}, (cluster, stack) =>
      using(
        () => followCompletions(stack.url),
        async (completions) => {
          const templates = await learnPods(cluster.api, () => inspect(stack, completions));
          return using(
            () => startPlainDriver(cluster.api, templates),
            (driver) => measure(context, cluster, stack, completions, driver),
          );
        },
      ),
    ),
};

async function measure(
  context: BenchContext,
  cluster: SimulatedCluster,
  stack: FullStack,
  completions: Completions,
  driver: PlainDriver,
): Promise<Figure[]> {
  const drive = async (): Promise<number> => {
    const started = performance.now();
    await driver.runItem(`item-${(serial += 1)}`);
    return performance.now() - started;
  };
  await drive();
  const alone = await inTurn(ALONE, () => inspect(stack, completions));
  const aloneDriven = await inTurn(ALONE, drive);
  context.say(`kubernetes: ${MANY} items, ${AT_ONCE} at once`);
  // The floor before and after: the machine's speed changes while it is shared.
  const driven = [await atOnce(drive)];
  const before = await cluster.countWrites();
  const cpuBefore = cpuOf(stack);
  const inspected = await atOnce(() => inspect(stack, completions));
  const figures = [...cpuEach(stack, cpuBefore), ...memoryOf(stack, ' after that')];
  await cluster.podsGone();
  const writes = ((await cluster.countWrites()) - before) / MANY;
  driven.push(await atOnce(drive));
  return [
    ...overheads(alone, aloneDriven),
    compare({
      what: `inspections a second, ${AT_ONCE} at once`,
      unit: '/s',
      statistic: harmonicMean,
      subject: [[inspected]],
      floor: { what: 'a plain driver of the same pods', rounds: [driven] },
      goal: { of: 'ratio', bound: 'at least', limit: 0.6 },
    }),
    {
      what: 'API server, for each of them',
      unit: 'writes',
      value: writes,
      count: MANY,
      goal: { of: 'value', bound: 'at most', limit: 16 },
    },
    ...figures,
  ];
}

/** @returns how long it took from the request to the event of its end, milliseconds */
async function inspect(stack: FullStack, completions: Completions): Promise<number> {
  const started = performance.now();
  const id = await submitTo(stack.url, nextSpecification());
  return (await completions.when(id)) - started;
}

function nextSpecification(): object {
  serial += 1;
  const files = [{ path: '/etc/serial', content: `${process.pid}-${serial}` }];
  return { base: 'registry.invalid/base:1', files, script: 'echo hello' };
}

async function inTurn(count: number, run: () => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) times.push(await run());
  return times;
}

/** MANY of them, AT_ONCE at any moment. @returns how many a second */
async function atOnce(run: () => Promise<number>): Promise<number> {
  const started = performance.now();
  let left = MANY;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await run();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return (MANY * 1000) / (performance.now() - started);
}

function overheads(alone: readonly number[], driven: readonly number[]): Figure[] {
  const less = (times: readonly number[]): number[][] => [times.map((time) => time - SIMULATED_MS)];
  const floor = { what: 'the same two pods', rounds: less(driven) };
  const shared = { unit: 'ms', subject: less(alone), floor } as const;
  return [
    compare({
      ...shared,
      what: 'overhead of one alone, median',
      statistic: median,
      goal: { of: 'value', bound: 'at most', limit: 250 },
    }),
    compare({ ...shared, what: 'overhead of one alone, p99', statistic: p99 }),
  ];
}

function cpuEach(stack: FullStack, before: ReadonlyMap<string, number>): Figure[] {
  return [...cpuOf(stack)].map(([name, after]) => ({
    what: `CPU time of ${name} for each of them`,
    unit: 'ms',
    value: (after - (before.get(name) ?? 0)) / MANY,
    count: MANY,
  }));
}
