import { Bell } from './bell.js';

/** What a follower wants to be told of besides the phase. */
export interface Wants {
  readonly buildLog: boolean;
  readonly items: readonly number[];
}

/** A follower as its feed sees it. */
export interface FeedMember {
  readonly wants: Wants;
  /**
   * idle: it waits for news. busy: it sends what the feed keeps. behind: it reads by itself, or is
   * too slow to be waited for.
   */
  state: 'idle' | 'busy' | 'behind';
}

/** Who follows one inspection at the moment. */
export class FeedMembers {
  readonly #members = new Set<FeedMember>();
  readonly #changed = new Bell();

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  add(wants: Wants): FeedMember {
    const member: FeedMember = { wants, state: 'busy' };
    this.#members.add(member);
    return member;
  }

  delete(member: FeedMember): void {
    this.#members.delete(member);
    this.#changed.ring();
  }

  setState(member: FeedMember, state: FeedMember['state']): void {
    member.state = state;
    this.#changed.ring();
  }

  /** There is news: who waited for it has something to do. */
  rouse(): void {
    for (const member of this.#members) if (member.state === 'idle') member.state = 'busy';
  }

  isAnyWanting(test: (wants: Wants) => boolean): boolean {
    return [...this.#members].some(({ wants }) => test(wants));
  }

  /** True where all of it is wanted by those who are here. */
  isCovering({ buildLog, items }: Wants): boolean {
    return (
      (!buildLog || this.isAnyWanting((others) => others.buildLog)) &&
      items.every((item) => this.isAnyWanting((others) => others.items.includes(item)))
    );
  }

  /** Resolves once nobody is busy; who still is after so many milliseconds is behind from then on. */
  async settle(graceMs: number, signal: AbortSignal): Promise<void> {
    const deadline = Date.now() + graceMs;
    for (;;) {
      const heard = this.#changed.rings;
      const busy = [...this.#members].filter(({ state }) => state === 'busy');
      if (busy.length === 0) return;
      const left = deadline - Date.now();
      if (left > 0 && !signal.aborted) await this.#changed.rung(heard, signal, left);
      else for (const member of busy) member.state = 'behind';
    }
  }
}
