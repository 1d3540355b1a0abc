import type { Bench } from './bench.js';
import type { Figure } from './measure/figure.js';
import { residentMegabytes } from './measure/process-usage.js';
import { using } from './stage/cleanup.js';
import { startEmptyServer } from './stage/empty-server.js';
import { startStack, type FullStack } from './stage/full-stack.js';
import { inspect } from './stage/inspections.js';

const SMALL = 20;
const LARGE = 3;
/** What a run's stream holds at most. */
const LARGE_BYTES = 8 * 1024 * 1024;
/** A process that large output makes so much larger is told twice. */
const GROWTH_MEGABYTES = 10;

/** What each process of a stack holds in memory after some work. */
export const memory: Bench = {
  name: 'memory',
  about: `resident memory of each process, after ${SMALL} inspections and after ${LARGE} large ones`,
  needsEngine: true,
  run: ({ base = '' }) =>
    using(
      () => startStack(),
      async (stack) => {
        const floor = await measureFloor();
        await work(stack, SMALL, { base, script: '#!/bin/sh\necho hello\n' });
        const before = measure(stack, floor, '');
        const print = `yes 0123456789abcdef | head -c ${LARGE_BYTES}`;
        await work(stack, LARGE, { base, script: `#!/bin/sh\n${print}\n` });
        const after = measure(stack, floor, ' after 8 MiB of output');
        const grown = after.filter(
          ({ value }, index) => value > (before[index]?.value ?? 0) + GROWTH_MEGABYTES,
        );
        return [...before, ...grown];
      },
    ),
};

/** Inspections one after the other, and a look at the list. */
async function work(stack: FullStack, count: number, specification: object): Promise<void> {
  for (let index = 0; index < count; index += 1) await inspect(stack.url, specification);
  const response = await fetch(`${stack.url}/api/v1/inspect?details=true`);
  await response.arrayBuffer();
}

function measure(stack: FullStack, floor: number, when: string): Figure[] {
  return stack.processes().map(({ name, pid }) => ({
    what: `memory of ${name}${when}`,
    value: residentMegabytes(pid),
    unit: 'MB',
    count: 1,
    ...(name === 'nats-server' ? {} : { floor: { what: 'empty node server', value: floor } }),
    goal: { of: 'value', bound: 'at most', limit: 100 },
  }));
}

function measureFloor(): Promise<number> {
  return using(
    () => startEmptyServer('OK'),
    ({ pid }) => Promise.resolve(residentMegabytes(pid)),
  );
}
