/** Takes one number of many. */
export type Statistic = (samples: readonly number[]) => number;

/** The smallest sample that `share` (0 to 1) of all do not exceed; NaN of none. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((one, other) => one - other);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

export const median: Statistic = (samples) => percentile(samples, 0.5);

/** Of rates over equal amounts: the rate over all of them. */
export const harmonicMean: Statistic = (samples) =>
  samples.length / samples.reduce((sum, sample) => sum + 1 / sample, 0);

export const p99: Statistic = (samples) => percentile(samples, 0.99);
