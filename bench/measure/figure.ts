/** What is to be reached: a bound on the value itself, or on its ratio to the floor. */
export interface Goal {
  readonly of: 'value' | 'ratio';
  readonly bound: 'at most' | 'at least';
  readonly limit: number;
}

/** The bare thing that a subject is compared with, measured in the same run. */
export interface Floor {
  /** What it is, in a few words. */
  readonly what: string;
  readonly value: number;
}

/** One line of the table. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: 'ms' | 's' | 'MB' | 'MB/s' | '/s' | 'writes';
  /** How many samples the value is taken of. */
  readonly count: number;
  readonly floor?: Floor;
  /** The smallest and the largest ratio of the rounds taken one by one: how far to trust it. */
  readonly spread?: readonly [number, number];
  readonly goal?: Goal;
}

/** Value over floor; undefined without a floor. */
export function ratioOf(figure: Figure): number | undefined {
  return figure.floor && figure.value / figure.floor.value;
}

/** undefined where there is no goal. */
export function isReached(figure: Figure): boolean | undefined {
  const { goal } = figure;
  if (goal === undefined) return undefined;
  const measured = goal.of === 'value' ? figure.value : ratioOf(figure);
  if (measured === undefined || Number.isNaN(measured)) return false;
  return goal.bound === 'at most' ? measured <= goal.limit : measured >= goal.limit;
}
