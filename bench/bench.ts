import type { Figure } from './measure/figure.js';

/** What a bench gets to work with. */
export interface BenchContext {
  /** A container image with sh; undefined where no container engine works. */
  readonly base: string | undefined;
  /** Says in one line what is being done. */
  say(line: string): void;
}

/** One subject that is measured against its floor. */
export interface Bench {
  readonly name: string;
  /** What is measured, in one line. */
  readonly about: string;
  /** True where builds or runs are made. */
  readonly needsEngine: boolean;
  run(context: BenchContext): Promise<Figure[]>;
}
