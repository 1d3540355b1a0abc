import pLimit, { type LimitFunction } from 'p-limit';
import type { Dispatcher } from 'undici';
import type { Bus } from '../../../shared/bus/port.js';
import { AmunError } from '../../../shared/errors/amun-error.js';
import type { FunctionRegistry } from '../function-registry.js';
import { InspectionFeed, type FeedPace } from './inspection-feed.js';
import { createInspectionSource } from './inspection-source.js';

export interface FeedsOptions extends FeedPace {
  /** Followers at once, of all inspections. */
  readonly maxFollowers: number;
  /** Inspections that are followed at once. */
  readonly maxFeeds: number;
  /** How long a feed outlives its last follower, who may have lost its connection only. */
  readonly lingerMs: number;
  /** Calls at once of followers that read by themselves. */
  readonly catchUpsAtOnce: number;
}

export const DEFAULT_FEEDS_OPTIONS: FeedsOptions = {
  maxFollowers: 1_000,
  maxFeeds: 100,
  lingerMs: 10_000,
  catchUpsAtOnce: 4,
  shortestMs: 250,
  longestMs: 2_000,
  keptCharacters: 1024 * 1024,
};

interface Entry {
  readonly opened: Promise<InspectionFeed>;
  /** Its feed, once it is there. */
  feed: InspectionFeed | undefined;
  readonly stop: AbortController;
  followers: number;
  lingering: NodeJS.Timeout | undefined;
}

export interface FeedsContext {
  readonly functions: FunctionRegistry;
  readonly agent: Dispatcher;
  /** undefined while there is none. */
  readonly bus: () => Bus | undefined;
  /** Ends all feeds. */
  readonly signal: AbortSignal;
}

/** The feeds of this gateway: one an inspection, from its first follower until after its last. */
export class Feeds {
  /** Bounds the calls of all followers that read by themselves. */
  readonly catchUps: LimitFunction;
  readonly #feeds = new Map<string, Entry>();
  #followers = 0;
  #following: AbortController | undefined;

  constructor(
    private readonly context: FeedsContext,
    private readonly options: FeedsOptions = DEFAULT_FEEDS_OPTIONS,
  ) {
    this.catchUps = pLimit(options.catchUpsAtOnce);
    context.signal.addEventListener('abort', () => {
      for (const id of [...this.#feeds.keys()]) this.#end(id);
    });
  }

  /** How many followers there are, and how many feeds. */
  get counts(): { readonly followers: number; readonly feeds: number } {
    return { followers: this.#followers, feeds: this.#feeds.size };
  }

  /**
   * The feed of an inspection while `use` runs. Throws NotFound where there is no such inspection,
   * and TooManyRequests where there are too many followers.
   */
  async use<T>(id: string, use: (feed: InspectionFeed) => Promise<T>): Promise<T> {
    if (this.#followers >= this.options.maxFollowers || !this.#hasRoom(id)) {
      throw new AmunError(
        'TooManyRequests',
        'Too many inspections are followed at the moment; try again later, or ask for the status.',
      );
    }
    const entry = this.#feeds.get(id) ?? this.#start(id);
    clearTimeout(entry.lingering);
    this.#followers += 1;
    entry.followers += 1;
    try {
      return await use(await entry.opened);
    } finally {
      this.#followers -= 1;
      entry.followers -= 1;
      if (entry.followers === 0) this.#linger(id, entry);
    }
  }

  /** Ends a feed that nobody follows where that makes the room. */
  #hasRoom(id: string): boolean {
    if (this.#feeds.has(id) || this.#feeds.size < this.options.maxFeeds) return true;
    const unused = [...this.#feeds].find(([, { followers }]) => followers === 0);
    if (unused !== undefined) this.#end(...unused);
    return unused !== undefined;
  }

  #start(id: string): Entry {
    const stop = new AbortController();
    const source = createInspectionSource(this.context, id, stop.signal);
    const opened = InspectionFeed.open(source, this.options, stop.signal);
    const entry: Entry = { opened, feed: undefined, stop, followers: 0, lingering: undefined };
    opened.then(
      (feed) => (entry.feed = feed),
      () => this.#end(id, entry),
    );
    this.#feeds.set(id, entry);
    if (this.#following === undefined) void this.#followBus();
    return entry;
  }

  #linger(id: string, entry: Entry): void {
    // One that failed is of no use to anybody.
    const lingerMs = entry.feed?.failure === undefined ? this.options.lingerMs : 0;
    entry.lingering = setTimeout(() => this.#end(id, entry), lingerMs).unref();
  }

  #end(id: string, entry = this.#feeds.get(id)): void {
    if (entry === undefined || this.#feeds.get(id) !== entry) return;
    clearTimeout(entry.lingering);
    this.#feeds.delete(id);
    entry.stop.abort();
    if (this.#feeds.size > 0) return;
    this.#following?.abort();
    this.#following = undefined;
  }

  /** Has feeds look at once when the bus tells of their inspection, or of its build. */
  async #followBus(): Promise<void> {
    const bus = this.context.bus();
    if (bus === undefined) return;
    const following = new AbortController();
    this.#following = following;
    try {
      for await (const { subject } of bus.follow(following.signal)) {
        for (const [id, { feed }] of this.#feeds) {
          if (id === subject || feed?.buildId === subject) feed?.hint();
        }
      }
    } catch {
      // Without the bus, feeds look as often as they do anyway.
    }
    if (this.#following === following) this.#following = undefined;
  }
}
