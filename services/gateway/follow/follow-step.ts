import { NOTHING_OF_RUN, type FollowPosition, type RunPosition } from './follow-position.js';

/** One event of the stream, and the position behind it. */
export interface FollowStep {
  readonly event: 'phase' | 'build_log' | 'run' | 'output' | 'end';
  /** Its data as JSON. */
  readonly json: string;
  readonly position: FollowPosition;
}

/** A piece of the build's log, the text as JSON. */
export function buildLogStep(
  position: FollowPosition,
  json: string,
  to: number,
  complete: boolean,
): FollowStep {
  return {
    event: 'build_log',
    json: `{"text":${json},"complete":${complete}}`,
    position: { ...position, buildLog: { offset: to, complete } },
  };
}

/** A run's state. */
export function stateStep(
  position: FollowPosition,
  item: number,
  { rank, json }: { readonly rank: number; readonly json: string },
): FollowStep {
  const known = position.runs.get(item) ?? NOTHING_OF_RUN;
  return { event: 'run', json, position: withRun(position, item, { ...known, told: rank }) };
}

/** A piece of a run's output. */
export function outputStep(
  position: FollowPosition,
  item: number,
  stream: 'stdout' | 'stderr',
  json: string,
  to: number,
): FollowStep {
  const known = position.runs.get(item) ?? NOTHING_OF_RUN;
  return {
    event: 'output',
    json: `{"item":${item},"stream":"${stream}","text":${json}}`,
    position: withRun(position, item, { ...known, [stream]: to }),
  };
}

function withRun(position: FollowPosition, item: number, run: RunPosition): FollowPosition {
  return { ...position, runs: new Map(position.runs).set(item, run) };
}
