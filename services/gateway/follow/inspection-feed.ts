import { mapBounded } from '../../../shared/concurrency/map-bounded.js';
import { isAmunError } from '../../../shared/errors/amun-error.js';
import { Bell } from './bell.js';
import { FeedMembers, type FeedMember, type Wants } from './feed-members.js';
import { NOTHING_OF_RUN, type FollowPosition } from './follow-position.js';
import type { InspectionSource, SeenStatus } from './inspection-source.js';
import { LogChannel } from './log-channel.js';
import { PhaseHistory } from './phase-history.js';
import { PieceShelf, type Shelved } from './piece-shelf.js';
import { RunChannel } from './run-channel.js';

export interface FeedPace {
  /** Between looks while something happens, doubled little by little while nothing does. */
  readonly shortestMs: number;
  readonly longestMs: number;
  /** Characters of logs that are kept for followers. */
  readonly keptCharacters: number;
}

/** A piece of this size or more was probably not all there is, bytes. */
const LARGE_PIECE = 256 * 1024;
const READ_AT_ONCE = 4;
/** Followers that are not done with the oldest pieces are waited for so long before these go. */
const GRACE_MS = 1_000;
/** Followers are sent away where the function has not answered for so long; they come back by their ids. */
const PATIENCE_MS = 60_000;

/** What is known of one inspection: looked up once, however many follow it. */
export class InspectionFeed {
  readonly news = new Bell();
  readonly members = new FeedMembers();
  readonly phases = new PhaseHistory();
  readonly buildLog = new LogChannel(0);
  /** Why there will be nothing new any more, though the inspection has not ended. */
  failure: Error | undefined;
  readonly #runs = new Map<number, RunChannel>();
  readonly #wake = new Bell();
  readonly #shelf: PieceShelf;
  #status: SeenStatus | undefined;

  private constructor(
    readonly source: InspectionSource,
    readonly batchSize: number,
    private readonly pace: FeedPace,
    private readonly signal: AbortSignal,
  ) {
    this.#shelf = new PieceShelf(pace.keptCharacters);
  }

  /**
   * Takes the first look, and goes on until the signal. Throws NotFound where there is no such
   * inspection.
   */
  static async open(
    source: InspectionSource,
    pace: FeedPace,
    signal: AbortSignal,
  ): Promise<InspectionFeed> {
    const [status, batchSize] = await Promise.all([source.status(), source.batchSize()]);
    const feed = new InspectionFeed(source, batchSize, pace, signal);
    feed.#take(status);
    void feed.#goOn();
    return feed;
  }

  /** The build that it waits for. */
  get buildId(): string | undefined {
    return this.#status?.build.id;
  }

  run(item: number): RunChannel | undefined {
    return this.#runs.get(item);
  }

  join(wants: Wants, from: FollowPosition): FeedMember {
    const isServed = !this.members.isEmpty && this.members.isCovering(wants);
    const moved = wants.items.map((item) => this.#wantRun(item, from));
    if (wants.buildLog) moved.push(this.buildLog.wantFrom(from.buildLog.offset));
    // What others want is looked at as often as it is good for, and no more once it was read.
    if (!isServed || moved.includes(true)) this.#wake.ring();
    return this.members.add(wants);
  }

  /** Looks at once: something happened. */
  hint(): void {
    this.#wake.ring();
  }

  /** True where there is more to be read for it. */
  #wantRun(item: number, from: FollowPosition): boolean {
    const position = from.runs.get(item) ?? NOTHING_OF_RUN;
    const known = this.#runs.get(item);
    if (known !== undefined) return known.wantFrom(position);
    const run = new RunChannel(item, position);
    const seen = this.#status?.job.runs.find((one) => one.item === item);
    if (seen !== undefined) run.see(seen);
    this.#runs.set(item, run);
    return true;
  }

  async #goOn(): Promise<void> {
    const { shortestMs, longestMs } = this.pace;
    let delay = shortestMs;
    let failingSince: number | undefined;
    while (!this.signal.aborted) {
      const heard = this.#wake.rings;
      try {
        const isNews = await this.#look();
        failingSince = undefined;
        delay = isNews ? shortestMs : Math.min(delay * 1.5, longestMs);
      } catch (error) {
        failingSince ??= Date.now();
        if (isAmunError(error, 'NotFound') || Date.now() - failingSince > PATIENCE_MS) {
          this.failure = error instanceof Error ? error : new Error(String(error));
          this.news.ring();
          return;
        }
        delay = longestMs;
      }
      const hasNothingToDo = this.members.isEmpty || this.#isAllRead();
      await this.#wake.rung(heard, this.signal, hasNothingToDo ? undefined : delay);
    }
  }

  #isAllRead(): boolean {
    const isRead = !this.members.isAnyWanting((wants) => wants.buildLog) || this.buildLog.complete;
    return this.phases.isFinal && isRead && this.#openRuns().length === 0;
  }

  /** Runs that somebody wants more of. */
  #openRuns(): (readonly [number, RunChannel])[] {
    const isWanted = (item: number): boolean =>
      this.members.isAnyWanting(({ items }) => items.includes(item));
    return [...this.#runs].filter(([item, run]) => !run.complete && isWanted(item));
  }

  /** Looks at everything that somebody wants and that is not complete; true where it found news. */
  async #look(): Promise<boolean> {
    const found = this.phases.isFinal ? false : this.#take(await this.source.status());
    if (found) this.news.ring();
    const over = this.phases.isFinal;
    const isBuilding = over || this.#status?.build.state !== 'waiting';
    const readsBuild = isBuilding && this.members.isAnyWanting((wants) => wants.buildLog);
    const reads = this.#openRuns()
      .filter(([, run]) => over || run.rank > 1)
      .map(
        ([item, run]) =>
          () =>
            this.#readRun(item, run),
      );
    if (readsBuild && !this.buildLog.complete) reads.unshift(() => this.#readBuildLog());
    const news = await mapBounded(reads, READ_AT_ONCE, (read) => read());
    return found || news.includes(true);
  }

  #take(status: SeenStatus): boolean {
    this.#status = status;
    const states = status.job.runs.map((seen) => this.#runs.get(seen.item)?.see(seen));
    return this.phases.add(status) || states.includes(true);
  }

  /** Reads on until there is nothing more at the moment; true where something came. */
  async #readBuildLog(): Promise<boolean> {
    const channel = this.buildLog;
    for (let isNews = false; ; isNews = true) {
      const { end } = channel;
      const { text, to, complete } = await this.source.buildLog(end);
      // Somebody wanted it from further back meanwhile.
      if (channel.end !== end) continue;
      const piece = channel.append(to, text);
      channel.complete = complete;
      await this.#keep(piece === undefined ? [] : [{ channel, piece }]);
      if (complete || to - end < LARGE_PIECE) return isNews || complete || piece !== undefined;
    }
  }

  async #readRun(item: number, run: RunChannel): Promise<boolean> {
    for (let isNews = false; ; isNews = true) {
      const { cursor } = run;
      const output = await this.source.output(item, cursor);
      const pieces = run.append(cursor, output);
      await this.#keep(pieces);
      const isLarge = pieces.some(({ piece }) => piece.to - piece.from >= LARGE_PIECE);
      if (run.complete || !isLarge) return isNews || run.complete || pieces.length > 0;
    }
  }

  /** Keeps pieces for the followers; lets go of the oldest once nobody is busy with them. */
  async #keep(pieces: readonly Shelved[]): Promise<void> {
    for (const shelved of pieces) this.#shelf.add(shelved);
    this.members.rouse();
    this.news.ring();
    if (!this.#shelf.isOverfull) return;
    await this.members.settle(GRACE_MS, this.signal);
    this.#shelf.trim();
  }
}
