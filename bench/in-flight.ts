import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, BenchContext } from './bench.js';
import type { Figure } from './measure/figure.js';
import type { FullStack } from './stage/full-stack.js';
import { submitTo } from './stage/inspections.js';
import type { SimulatedCluster } from './stage/simulated-cluster.js';
import { onSimulatedCluster } from './stage/simulated-stack.js';
import { cpuOf, memoryOf } from './stage/usage-figures.js';

const MANY = 10_000;
const AT_ONCE = 50;
/** So that a node has a few hundred pods at most, as real ones do. */
const NODES = 50;
/** Several passes of the reconciler. */
const QUIET_MS = 60_000;
const SMALL = { requests: { cpu: '10m', memory: '8Mi' } };

/** What it takes to hold thousands of inspections of which nothing is heard. */
export const inFlight: Bench = {
  name: 'in-flight',
  about: `memory and CPU time with ${MANY} inspections in flight, a build each, on simulated nodes`,
  needsEngine: false,
  run: (context) =>
    onSimulatedCluster(context, 'in-flight', { nodes: NODES, runs: 'forever' }, (cluster, stack) =>
      measure(context, cluster, stack),
    ),
};

async function measure(
  context: BenchContext,
  cluster: SimulatedCluster,
  stack: FullStack,
): Promise<Figure[]> {
  const started = performance.now();
  await submitAll(stack);
  await cluster.podsRunning(MANY);
  context.say(`in-flight: ${MANY} builds run after ${seconds(performance.now() - started)} s`);
  await sleep(QUIET_MS);
  const before = cpuOf(stack);
  await sleep(QUIET_MS);
  const used = [...cpuOf(stack)].map(([name, after]) => ({
    what: `CPU time of ${name} each second meanwhile`,
    unit: 'ms' as const,
    value: ((after - (before.get(name) ?? 0)) * 1000) / QUIET_MS,
    count: 1,
  }));
  return [...memoryOf(stack, `, ${MANY} in flight`), ...used];
}

async function submitAll(stack: FullStack): Promise<void> {
  let serial = 0;
  const work = async (): Promise<void> => {
    while (serial < MANY) {
      serial += 1;
      // Of all of them, so that no two share a build.
      const files = [{ path: '/etc/serial', content: `${process.pid}-${serial}` }];
      const base = 'registry.invalid/base:1';
      await submitTo(stack.url, { base, files, build: SMALL, run: SMALL, script: 'echo hello' });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(0);
}
