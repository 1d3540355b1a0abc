import { setTimeout as sleep } from 'node:timers/promises';
import type { LimitFunction } from 'p-limit';
import type { FollowPosition } from './follow-position.js';
import { buildLogStep, outputStep, type FollowStep } from './follow-step.js';
import type { Wants } from './feed-members.js';
import type { InspectionFeed } from './inspection-feed.js';

/** Where nothing comes though more is known to be there, it is asked for again after a while. */
const PAUSE_MS = 1_000;

/** Reads for one follower what its feed does not keep any more, or kept in other pieces. */
export class CatchUp {
  /** Cursors as the function gave them: they say more than a position does. */
  readonly #cursors = new Map<number, string>();

  /**
   * @param limit bounds how many calls all followers together make
   * @param signal ends it while it waits
   */
  constructor(
    private readonly limit: LimitFunction,
    private readonly signal: AbortSignal,
  ) {}

  /** The next piece of every log of which the position is behind. */
  async *read(
    feed: InspectionFeed,
    wants: Wants,
    from: FollowPosition,
  ): AsyncGenerator<FollowStep> {
    let position = from;
    const { offset } = from.buildLog;
    const until = wants.buildLog ? feed.buildLog.aheadOf(offset) : undefined;
    if (until !== undefined) {
      const { text, to, complete } = await this.#ask(() => feed.source.buildLog(offset, until));
      const isGone = complete && to <= offset;
      if (to <= offset && !isGone) await this.#pause();
      else {
        const step = buildLogStep(position, JSON.stringify(text), isGone ? until : to, false);
        position = step.position;
        yield step;
      }
    }
    for (const item of wants.items) {
      for (const step of await this.#readRun(feed, item, position)) {
        position = step.position;
        yield step;
      }
    }
  }

  async #readRun(feed: InspectionFeed, item: number, from: FollowPosition): Promise<FollowStep[]> {
    const run = feed.run(item);
    const known = from.runs.get(item);
    if (run === undefined || known === undefined) return [];
    const target = {
      stdout: run.stdout.aheadOf(known.stdout),
      stderr: run.stderr.aheadOf(known.stderr),
    };
    if (target.stdout === undefined && target.stderr === undefined) return [];
    const place = `${known.stdout}-${known.stderr}`;
    const kept = this.#cursors.get(item);
    const cursor = kept?.split('.')[0] === place ? kept : place;
    const until = `${target.stdout ?? known.stdout}-${target.stderr ?? known.stderr}`;
    const output = await this.#ask(() => feed.source.output(item, cursor, until));
    this.#cursors.set(item, output.cursor);
    const steps: FollowStep[] = [];
    for (const stream of ['stdout', 'stderr'] as const) {
      const { text, to } = output[stream];
      const isGone = output.complete && to <= known[stream];
      const end = isGone ? (target[stream] ?? known[stream]) : to;
      if (end <= known[stream]) continue;
      steps.push(
        outputStep(steps.at(-1)?.position ?? from, item, stream, JSON.stringify(text), end),
      );
    }
    if (steps.length === 0) await this.#pause();
    return steps;
  }

  async #ask<T>(call: () => Promise<T>): Promise<T> {
    return this.limit(() => {
      this.signal.throwIfAborted();
      return call();
    });
  }

  async #pause(): Promise<void> {
    await sleep(PAUSE_MS, undefined, { signal: this.signal });
  }
}
