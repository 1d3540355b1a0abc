import type { ThothAnswer } from './answer.js';

/** How long an answer stands for the same question. */
export const CACHE_MS = 3 * 60 * 60 * 1000;

export interface Analysis {
  readonly id: string;
  readonly answer: ThothAnswer;
  readonly startedAt: number;
  /** How often it has still to say "not yet". */
  pollsLeft: number;
}

/** The analyses of a stand-in and, by question, those that are still fresh. */
export class Analyses {
  readonly #byId = new Map<string, Analysis>();
  readonly #byQuestion = new Map<string, Analysis>();

  /** @param now milliseconds since 1970, as the test wants them */
  constructor(private readonly now: () => number) {}

  /** A fresh analysis of the same question, unless it is forced; else a new one. */
  take(
    kind: 'adviser' | 'provenance-checker',
    question: unknown,
    force: boolean,
    makeAnswer: () => ThothAnswer,
  ): { analysis: Analysis; cached: boolean } {
    const key = `${kind} ${JSON.stringify(question, sorted)}`;
    const known = this.#byQuestion.get(key);
    if (!force && known !== undefined && this.now() - known.startedAt < CACHE_MS) {
      return { analysis: known, cached: true };
    }
    const answer = makeAnswer();
    const number = String(this.#byId.size + 1).padStart(16, '0');
    const analysis: Analysis = {
      id: `${kind}-${stamp(this.now())}-${number}`,
      answer,
      startedAt: this.now(),
      pollsLeft: answer.polls ?? 0,
    };
    this.#byId.set(analysis.id, analysis);
    this.#byQuestion.set(key, analysis);
    return { analysis, cached: false };
  }

  find(id: string): Analysis | undefined {
    return this.#byId.get(id);
  }
}

/** A replacer: what a program uses of a library comes in no particular order. */
function sorted(_key: string, value: unknown): unknown {
  return Array.isArray(value) ? value.map((each) => JSON.stringify(each)).sort() : value;
}

/** yymmddhhmmss, as ids carry it. */
function stamp(time: number): string {
  return new Date(time).toISOString().replace(/\D/g, '').slice(2, 14);
}
