import type { JobObservation, RunObservation } from './observation.js';

/**
 * A job by its runs, in order of item: waiting until the first starts, terminated when the last has
 * ended. Its reason and message are those of the first run that has any.
 */
export function jobOfRuns(runs: readonly RunObservation[]): JobObservation {
  const state = stateOf(runs);
  const first =
    runs.find((run) => run.reason !== undefined) ?? runs.find((run) => run.message !== undefined);
  const startedAt = earliest(runs);
  const finishedAt = state === 'terminated' ? latest(runs) : undefined;
  const isStalled = state !== 'terminated' && runs.some((run) => run.stalled === true);
  const waiting = runs.filter((run) => run.state === 'waiting');
  // All that wait do so in the queue.
  const isQueued = waiting.every((run) => run.queue !== undefined);
  const queue = isQueued ? waiting[0]?.queue : undefined;
  return {
    state,
    ...(first?.reason === undefined ? {} : { reason: first.reason }),
    ...(first?.message === undefined ? {} : { message: first.message }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
    ...(isStalled ? { stalled: true } : {}),
    ...(runs.some((run) => run.held === true) ? { held: true } : {}),
    ...(queue === undefined ? {} : { queue }),
    runs,
  };
}

function stateOf(runs: readonly RunObservation[]): JobObservation['state'] {
  if (runs.every((run) => run.state === 'terminated')) return 'terminated';
  return runs.every((run) => run.state === 'waiting') ? 'waiting' : 'running';
}

/** ISO 8601 in UTC sorts as text. */
function earliest(runs: readonly RunObservation[]): string | undefined {
  return runs.flatMap(({ startedAt }) => startedAt ?? []).sort()[0];
}

function latest(runs: readonly RunObservation[]): string | undefined {
  return runs
    .flatMap(({ finishedAt }) => finishedAt ?? [])
    .sort()
    .at(-1);
}
