/** What one build or run takes of the machine. */
export interface Need {
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly gpus: number;
}

/** A build (one unit) or a job (one unit a run) that waits for its turn. */
export interface Waiting {
  /** "build/<id>" or "job/<id>" */
  readonly key: string;
  /** When it was asked for; the earlier goes first. */
  readonly requestedAt: string;
  readonly need: Need;
  /** The units that are still to start, in order. */
  readonly units: readonly number[];
}

/** One unit that may start now. */
export interface Admitted {
  readonly key: string;
  readonly unit: number;
}

interface Entry extends Omit<Waiting, 'units'> {
  units: number[];
}

/** Requests of next to nothing still cost a container each, so this much is counted at least. */
const LEAST_CPUS = 0.1;
const LEAST_MEMORY_BYTES = 16 * 1024 ** 2;
/** Sums of tenths are not exact. */
const TOLERANCE = 1e-9;

/**
 * Who may start: in the order in which they were asked for, as far as the machine's cores, memory
 * and GPUs go. Nobody overtakes, so nobody waits for ever.
 */
export class Admission {
  private readonly queue: Entry[] = [];
  private readonly held = new Map<string, Need>();

  constructor(private readonly capacity: Need) {}

  /** Puts it in its place in the queue; one that is there already is replaced. */
  enqueue(waiting: Waiting): void {
    this.withdraw(waiting.key);
    const entry = { ...waiting, units: [...waiting.units] };
    const after = this.queue.findIndex((other) => comesBefore(entry, other));
    this.queue.splice(after < 0 ? this.queue.length : after, 0, entry);
  }

  /** Takes what has not started yet out of the queue. */
  withdraw(key: string): void {
    const index = this.queue.findIndex((entry) => entry.key === key);
    if (index >= 0) this.queue.splice(index, 1);
  }

  /** Counts a unit that runs already, whether it fits or not. */
  hold({ key, unit }: Admitted, need: Need): void {
    this.held.set(`${key}#${unit}`, atLeast(need));
  }

  /** Gives back what a unit that has ended took. */
  release({ key, unit }: Admitted): void {
    this.held.delete(`${key}#${unit}`);
  }

  /** The units that may start now; they are counted from here on. */
  admit(): Admitted[] {
    const admitted: Admitted[] = [];
    for (;;) {
      const entry = this.queue[0];
      const unit = entry?.units[0];
      if (entry === undefined || unit === undefined || !this.fits(entry.need)) return admitted;
      entry.units.shift();
      if (entry.units.length === 0) this.queue.shift();
      this.hold({ key: entry.key, unit }, entry.need);
      admitted.push({ key: entry.key, unit });
    }
  }

  /** The keys of all that wait, next first. */
  waiting(): string[] {
    return this.queue.map((entry) => entry.key);
  }

  private fits(need: Need): boolean {
    const wanted = atLeast(need);
    const sum = (part: keyof Need): number =>
      [...this.held.values()].reduce((total, other) => total + other[part], wanted[part]);
    return (['cpus', 'memoryBytes', 'gpus'] as const).every(
      (part) => sum(part) <= this.capacity[part] + TOLERANCE,
    );
  }
}

function atLeast(need: Need): Need {
  return {
    cpus: Math.max(need.cpus, LEAST_CPUS),
    memoryBytes: Math.max(need.memoryBytes, LEAST_MEMORY_BYTES),
    gpus: need.gpus,
  };
}

function comesBefore(one: Entry, other: Entry): boolean {
  if (one.requestedAt !== other.requestedAt) return one.requestedAt < other.requestedAt;
  return one.key < other.key;
}
