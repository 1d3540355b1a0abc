import type { BenchContext } from '../bench.js';
import type { Figure } from '../measure/figure.js';
import { using } from './cleanup.js';
import { startStack, type FullStack } from './full-stack.js';
import {
  hasSimulatedCluster,
  startSimulatedCluster,
  type SimulatedCluster,
  type SimulatedOptions,
} from './simulated-cluster.js';

/** Measures a stack that works with a simulated cluster; nothing, with a line, where there is none. */
export async function onSimulatedCluster(
  context: BenchContext,
  bench: string,
  options: SimulatedOptions,
  measure: (cluster: SimulatedCluster, stack: FullStack) => Promise<Figure[]>,
): Promise<Figure[]> {
  if (!hasSimulatedCluster()) {
    context.say(`${bench}: left out, there is no realkube.`);
    return [];
  }
  return using(
    () => startSimulatedCluster(options),
    (cluster) =>
      using(
        () => startStack(cluster.environment),
        (stack) => measure(cluster, stack),
      ),
  );
}
