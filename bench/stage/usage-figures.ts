import type { Figure } from '../measure/figure.js';
import { cpuMilliseconds, residentMegabytes } from '../measure/process-usage.js';
import type { FullStack } from './full-stack.js';

/** What a watcher or a connector of a cluster may hold at most. */
const MOST_MEGABYTES = 150;

/** CPU time that each process of a stack has used so far, milliseconds, by its name. */
export function cpuOf(stack: FullStack): Map<string, number> {
  return new Map(stack.processes().map(({ name, pid }) => [name, cpuMilliseconds(pid)]));
}

/** What each process of a stack has in memory; `when` ends each figure's name. */
export function memoryOf(stack: FullStack, when: string): Figure[] {
  return stack
    .processes()
    .filter(({ name }) => name !== 'amun up')
    .map(({ name, pid }) => ({
      what: `memory of ${name}${when}`,
      unit: 'MB',
      value: residentMegabytes(pid),
      count: 1,
      ...(['watcher', 'connector'].includes(name)
        ? { goal: { of: 'value', bound: 'at most', limit: MOST_MEGABYTES } as const }
        : {}),
    }));
}
