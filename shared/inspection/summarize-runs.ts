import type { Reason } from './reason.js';
import type { Report } from './report.js';
import { Sample, type Statistics } from './statistics.js';
import { visitNumbers } from './summary-numbers.js';

/** What of getrusage's figures is worth comparing: seconds, seconds, kibibytes. */
const SUMMARIZED_USAGE = ['ru_utime', 'ru_stime', 'ru_maxrss'] as const;

/** Different numbers of which statistics are made. */
export const MAX_STATISTICS = 200;

/** How a run stands: why it did not succeed, or that it has not ended. */
export type RunResult = Reason | 'succeeded' | 'pending';

/** A batch in figures, with the names of the wire. */
export interface RunsSummary {
  readonly batch_size: number;
  /** Runs by how they stand; succeeded and pending are always there. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** By JSON pointer into the runs' stdout; `count` says how many runs printed a number there. */
  readonly statistics: Readonly<Record<string, Statistics>>;
  /** False where the runs printed more different numbers than are kept. */
  readonly statistics_complete: boolean;
  /** By name of getrusage's field. */
  readonly usage: Readonly<Record<string, Statistics>>;
}

/** Makes a summary of runs that are told one by one; of their reports it keeps the numbers alone. */
export class RunsSummarizer {
  readonly #batchSize: number;
  readonly #outcomes = new Map<RunResult, number>([
    ['succeeded', 0],
    ['pending', 0],
  ]);
  readonly #numbers = new Map<string, Sample>();
  readonly #usage = new Map<string, Sample>();
  #complete = true;

  constructor(batchSize: number) {
    this.#batchSize = batchSize;
  }

  /** Counts one run, and the numbers in what it left. */
  add(result: RunResult, report: Pick<Report, 'stdout' | 'usage'> | undefined): void {
    this.#outcomes.set(result, (this.#outcomes.get(result) ?? 0) + 1);
    if (report === undefined) return;
    visitNumbers(report.stdout, (pointer, number) => this.#addNumber(pointer, number));
    for (const name of SUMMARIZED_USAGE) {
      const figure = report.usage[name];
      if (figure !== null) sampleOf(this.#usage, name).add(figure);
    }
  }

  summary(): RunsSummary {
    return {
      batch_size: this.#batchSize,
      outcomes: Object.fromEntries(this.#outcomes),
      statistics: figuresOf(this.#numbers),
      statistics_complete: this.#complete,
      usage: figuresOf(this.#usage),
    };
  }

  #addNumber(pointer: string, number: number): void {
    if (this.#numbers.size < MAX_STATISTICS || this.#numbers.has(pointer)) {
      sampleOf(this.#numbers, pointer).add(number);
    } else {
      this.#complete = false;
    }
  }
}

function sampleOf(samples: Map<string, Sample>, name: string): Sample {
  const known = samples.get(name);
  if (known !== undefined) return known;
  const sample = new Sample();
  samples.set(name, sample);
  return sample;
}

function figuresOf(samples: ReadonlyMap<string, Sample>): Record<string, Statistics> {
  return Object.fromEntries([...samples].map(([name, sample]) => [name, sample.statistics()]));
}
