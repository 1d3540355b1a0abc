import { NOTHING_OF_RUN, type FollowPosition } from './follow-position.js';
import { buildLogStep, outputStep, stateStep, type FollowStep } from './follow-step.js';
import type { Wants } from './feed-members.js';
import type { InspectionFeed } from './inspection-feed.js';

/** The next event that the feed has; undefined where it has none for this position. */
export function nextStep(
  feed: InspectionFeed,
  wants: Wants,
  position: FollowPosition,
): FollowStep | undefined {
  const phase = feed.phases.after(position.phase);
  if (phase !== undefined) {
    const { rank, digest, json } = phase;
    return { event: 'phase', json, position: { ...position, phase: { rank, digest } } };
  }
  const log = wants.buildLog ? nextOfBuildLog(feed, position) : undefined;
  if (log !== undefined) return log;
  for (const item of wants.items) {
    const step = nextOfRun(feed, item, position);
    if (step !== undefined) return step;
  }
  return undefined;
}

function nextOfBuildLog(feed: InspectionFeed, position: FollowPosition): FollowStep | undefined {
  const { buildLog: channel } = feed;
  const { offset, complete } = position.buildLog;
  const piece = channel.pieceAt(offset);
  const isEnd = channel.complete && (piece?.to ?? offset) >= channel.end;
  if (piece === undefined && (complete || !isEnd)) return undefined;
  return buildLogStep(position, piece?.json ?? '""', piece?.to ?? offset, isEnd);
}

/** A run's states come before its output, but for its end. */
function nextOfRun(
  feed: InspectionFeed,
  item: number,
  position: FollowPosition,
): FollowStep | undefined {
  const run = feed.run(item);
  if (run === undefined) return undefined;
  const known = position.runs.get(item) ?? NOTHING_OF_RUN;
  const state = run.stateAfter(known.told);
  if (state !== undefined && state.rank < 3) return stateStep(position, item, state);
  for (const stream of ['stdout', 'stderr'] as const) {
    const piece = run[stream].pieceAt(known[stream]);
    if (piece !== undefined) return outputStep(position, item, stream, piece.json, piece.to);
  }
  // It ended while nobody looked, so all of its output is about to come.
  if (feed.phases.isFinal && !run.complete) return undefined;
  return state && stateStep(position, item, state);
}
