import type { JsonObject } from './specification.js';

/**
 * What came of asking Thoth: its lock was installed; the stack was sent, and its own lock installed;
 * there was no advice, and its own lock was installed; there was no advice, and no image.
 */
export const ADVICE_STATES = ['taken', 'submitted', 'fell_back', 'failed'] as const;

export type AdviceState = (typeof ADVICE_STATES)[number];

/** What a record keeps of the advice for a build. */
export interface AdviceSummary {
  readonly state: AdviceState;
  /** A sentence for people: what was done, or why nothing was. */
  readonly message: string;
  /** The analysis at Thoth, where one was made. */
  readonly analysisId?: string;
}

/** What Thoth says of a stack. */
export interface AdviceRemark {
  /** INFO, WARNING or ERROR, as far as Thoth keeps to that. */
  readonly type: string;
  readonly message: string;
  /** An http(s) URL, or empty. */
  readonly link: string;
}

/** What the recommended lock changes; null: not there. */
export interface AdvisedChange {
  readonly package: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** All that a build tells of the advice that was asked in it. */
export interface Advice extends AdviceSummary {
  readonly score?: number;
  /** On the stack that was sent. */
  readonly stackInfo: readonly AdviceRemark[];
  /** On the stack that is recommended. */
  readonly justification: readonly AdviceRemark[];
  readonly changes: readonly AdvisedChange[];
  /** The recommended Pipfile.lock; absent where none was taken, or the log does not hold all of it. */
  readonly requirementsLocked?: JsonObject;
}
