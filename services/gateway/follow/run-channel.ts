import type { RunPosition } from './follow-position.js';
import type { SeenOutput, SeenRun } from './inspection-source.js';
import { LogChannel } from './log-channel.js';
import type { Shelved } from './piece-shelf.js';

/** In the order in which a run passes through them. */
const STATES = ['none', 'waiting', 'running', 'terminated'];

/** What is known of one run. */
export class RunChannel {
  readonly stdout: LogChannel;
  readonly stderr: LogChannel;
  cut = { stdout: false, stderr: false };
  #cursor: string;
  /** The events' data as JSON, by the state's rank. */
  readonly #states: (string | undefined)[] = [];

  constructor(
    private readonly item: number,
    from: RunPosition,
  ) {
    this.stdout = new LogChannel(from.stdout);
    this.stderr = new LogChannel(from.stderr);
    this.#cursor = '';
  }

  /** For the next reading. */
  get cursor(): string {
    const read = `${this.stdout.end}-${this.stderr.end}`;
    // The one that was given says more, as long as it is about the same place.
    return this.#cursor.split('.')[0] === read ? this.#cursor : read;
  }

  /** True once the output was read to its end. */
  get complete(): boolean {
    return this.stdout.complete && this.stderr.complete;
  }

  /** The furthest state that was seen: 0 none, 1 waiting, 2 running, 3 terminated. */
  get rank(): number {
    return Math.max(0, this.#states.length - 1);
  }

  /** Somebody wants both streams from here on; true where there is more to be read for that. */
  wantFrom({ stdout, stderr }: RunPosition): boolean {
    const moved = [this.stdout.wantFrom(stdout), this.stderr.wantFrom(stderr)];
    return moved.includes(true);
  }

  /** Notes a state; false where that is not new. */
  see({ state, exit_code, reason }: SeenRun): boolean {
    const rank = STATES.indexOf(state);
    if (rank <= this.rank) return false;
    this.#states[rank] = JSON.stringify({ item: this.item, state, exit_code, reason });
    return true;
  }

  /** The first state beyond the one told. */
  stateAfter(told: number): { readonly rank: number; readonly json: string } | undefined {
    for (let rank = told + 1; rank < this.#states.length; rank += 1) {
      const json = this.#states[rank];
      if (json !== undefined) return { rank, json };
    }
    return undefined;
  }

  /** Takes what was read from a cursor of this channel on; the pieces that are new. */
  append(from: string, { stdout, stderr, cursor, complete, cut }: SeenOutput): Shelved[] {
    // Somebody wanted it from further back meanwhile.
    if (from !== this.cursor) return [];
    this.#cursor = cursor;
    this.cut = cut;
    const streams = [
      { channel: this.stdout, read: stdout },
      { channel: this.stderr, read: stderr },
    ];
    return streams.flatMap(({ channel, read }) => {
      const piece = channel.append(read.to, read.text);
      channel.complete = complete;
      return piece === undefined ? [] : [{ channel, piece }];
    });
  }
}
