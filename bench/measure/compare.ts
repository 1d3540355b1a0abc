import type { Figure, Goal } from './figure.js';
import type { Rounds } from './rounds.js';
import type { Statistic } from './statistics.js';

/** A subject, and what it is held against. */
export interface Comparison {
  readonly what: string;
  readonly unit: Figure['unit'];
  readonly statistic: Statistic;
  readonly subject: Rounds;
  readonly floor?: { readonly what: string; readonly rounds: Rounds };
  readonly goal?: Goal;
}

/** The statistic of all samples of subject and floor, and how their ratio varied over the rounds. */
export function compare({ statistic, subject, floor, goal, what, unit }: Comparison): Figure {
  const samples = subject.flat();
  const own = { what, unit, value: statistic(samples), count: samples.length };
  const withGoal = goal === undefined ? own : { ...own, goal };
  if (floor === undefined) return withGoal;
  const ratios = subject.map((round, index) => {
    return statistic(round) / statistic(floor.rounds[index] ?? []);
  });
  return {
    ...withGoal,
    floor: { what: floor.what, value: statistic(floor.rounds.flat()) },
    spread: [Math.min(...ratios), Math.max(...ratios)],
  };
}
