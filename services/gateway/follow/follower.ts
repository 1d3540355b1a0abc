import type { CatchUp } from './catch-up.js';
import { formatPosition, NOTHING_OF_RUN, type FollowPosition } from './follow-position.js';
import type { FollowStep } from './follow-step.js';
import type { FeedMember, Wants } from './feed-members.js';
import type { InspectionFeed } from './inspection-feed.js';
import { nextStep } from './next-step.js';

/** One event of the stream as it is sent. */
export interface FollowEvent extends Pick<FollowStep, 'event' | 'json'> {
  /** The position behind it. */
  readonly id: string;
}

/**
 * What a follower is sent from a position on, in order, until everything was sent, or the signal.
 * Throws where the feed cannot go on.
 */
export async function* follow(
  feed: InspectionFeed,
  member: FeedMember,
  from: FollowPosition,
  catchUp: CatchUp,
  signal: AbortSignal,
): AsyncGenerator<FollowEvent> {
  const { wants } = member;
  let position = onlyWanted(from, wants);
  while (!signal.aborted) {
    const heard = feed.news.rings;
    for (let step = nextStep(feed, wants, position); step !== undefined;) {
      position = step.position;
      yield toEvent(step);
      step = nextStep(feed, wants, position);
    }
    if (isBehind(feed, wants, position)) {
      feed.members.setState(member, 'behind');
      for await (const step of catchUp.read(feed, wants, position)) {
        position = step.position;
        yield toEvent(step);
      }
      continue;
    }
    if (feed.failure !== undefined) throw feed.failure;
    if (isAllSent(feed, wants, position)) {
      yield toEvent(endOf(feed, wants, position));
      return;
    }
    feed.members.setState(member, 'idle');
    await feed.news.rung(heard, signal);
  }
}

function toEvent({ event, json, position }: FollowStep): FollowEvent {
  return { event, json, id: formatPosition(position) };
}

/** A position may come from another stream: of it counts what is wanted now. */
function onlyWanted(from: FollowPosition, { items }: Wants): FollowPosition {
  const runs = items.map((item) => [item, from.runs.get(item) ?? NOTHING_OF_RUN] as const);
  return { ...from, runs: new Map(runs), ended: false };
}

function isBehind(feed: InspectionFeed, wants: Wants, { buildLog, runs }: FollowPosition): boolean {
  if (wants.buildLog && feed.buildLog.aheadOf(buildLog.offset) !== undefined) return true;
  return [...runs].some(([item, { stdout, stderr }]) => {
    const run = feed.run(item);
    return run?.stdout.aheadOf(stdout) !== undefined || run?.stderr.aheadOf(stderr) !== undefined;
  });
}

/** To be asked where there is no next step, and nothing to catch up with. */
function isAllSent(feed: InspectionFeed, wants: Wants, { buildLog }: FollowPosition): boolean {
  const isLogSent = !wants.buildLog || buildLog.complete;
  const areRunsRead = wants.items.every((item) => feed.run(item)?.complete === true);
  return feed.phases.isFinal && isLogSent && areRunsRead;
}

function endOf(feed: InspectionFeed, wants: Wants, position: FollowPosition): FollowStep {
  const { inspection_id = '', phase = '', reason = null } = feed.phases.last ?? {};
  const cut = wants.items.flatMap((item) => {
    const { stdout = false, stderr = false } = feed.run(item)?.cut ?? {};
    return stdout || stderr ? [{ item, stdout, stderr }] : [];
  });
  const json = JSON.stringify({ inspection_id, phase, reason, cut });
  return { event: 'end', json, position: { ...position, ended: true } };
}
