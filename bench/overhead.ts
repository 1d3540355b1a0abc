import type { Bench } from './bench.js';
import { compare } from './measure/compare.js';
import type { Figure, Goal } from './measure/figure.js';
import { takeTurns, type Rounds } from './measure/rounds.js';
import { median, p99 } from './measure/statistics.js';
import { prepareByHand, type ByHand } from './stage/by-hand.js';
import { using } from './stage/cleanup.js';
import { followCompletions, type Completions } from './stage/completions.js';
import { startStack, type FullStack } from './stage/full-stack.js';
import { inspect, runTime, statusOf, submitTo, waitForSuccess } from './stage/inspections.js';

const TURNS = { rounds: 6, seconds: 120 };
const INSPECTIONS = 20;
const BY_HAND = 6;
const COMMAND = 'echo hello';
const GOAL: Goal = { of: 'value', bound: 'at most', limit: 250 };

/**
 * What an inspection takes beside its run, its stack being built already: one after the other, so
 * that none waits for another.
 */
export const overhead: Bench = {
  name: 'overhead',
  about: 'an inspection from submit to complete, against podman run by hand',
  needsEngine: true,
  run: ({ base = '' }) => {
    const specification = { base, script: `#!/bin/sh\n${COMMAND}\n` };
    return using(
      () => startStack(),
      async (stack) => {
        const first = await inspect(stack.url, specification);
        const image = first.build.container ?? '';
        const engine = await stack.engine();
        return using(
          () => prepareByHand(engine, image, specification),
          (byHand) =>
            using(
              () => followCompletions(stack.url),
              (completions) => measure(stack, specification, byHand, completions),
            ),
        );
      },
    );
  },
};

/** One inspection: how long in all, and of that its run, milliseconds. */
interface Timed {
  readonly total: number;
  readonly run: number;
}

async function measure(
  stack: FullStack,
  specification: object,
  byHand: ByHand,
  completions: Completions,
): Promise<Figure[]> {
  const timed: Timed[][] = [];
  const { total, alike, plain } = await takeTurns(TURNS, {
    total: async () => {
      const round: Timed[] = [];
      for (let index = 0; index < INSPECTIONS; index += 1) {
        round.push(await timeInspection(stack, specification, completions));
      }
      timed.push(round);
      return round.map((one) => one.total);
    },
    alike: () => repeat(BY_HAND, () => byHand.runAlike()),
    plain: () => repeat(BY_HAND, () => byHand.runPlain(COMMAND)),
  });
  return [...compareWhole(total, alike, plain), ...overheads(timed, total, alike)];
}

function compareWhole(total: Rounds, alike: Rounds, plain: Rounds): Figure[] {
  const shared = { unit: 'ms', statistic: median } as const;
  return [
    compare({
      ...shared,
      what: 'inspection, submit to complete, median',
      subject: total,
      floor: { what: 'podman run by hand', rounds: plain },
    }),
    compare({
      ...shared,
      what: 'its container alone, started by hand, median',
      subject: alike,
      floor: { what: 'podman run by hand', rounds: plain },
    }),
  ];
}

/** Less what the engine takes for the same container, and less what the run says of itself. */
function overheads(timed: readonly Timed[][], total: Rounds, alike: Rounds): Figure[] {
  const lessEngine = total.map((round, index) => {
    const byHand = median(alike[index] ?? []);
    return round.map((one) => one - byHand);
  });
  const lessRun = timed.map((round) => round.map((one) => one.total - one.run));
  return [
    { what: 'overhead, less its container started by hand', subject: lessEngine },
    { what: 'overhead, less its run by its own times', subject: lessRun },
  ].flatMap(({ what, subject }) => [
    compare({ what: `${what}, median`, unit: 'ms', statistic: median, subject }),
    compare({ what: `${what}, p99`, unit: 'ms', statistic: p99, subject, goal: GOAL }),
  ]);
}

async function timeInspection(
  stack: FullStack,
  specification: object,
  completions: Completions,
): Promise<Timed> {
  const started = performance.now();
  const id = await submitTo(stack.url, specification);
  const ended = await completions.when(id);
  await waitForSuccess(stack.url, id);
  return { total: ended - started, run: runTime(await statusOf(stack.url, id)) };
}

async function repeat(count: number, action: () => Promise<number>): Promise<number[]> {
  const samples: number[] = [];
  for (let index = 0; index < count; index += 1) samples.push(await action());
  return samples;
}
