/** How asking for advice ended; `unfinished`: the log ends before it did. */
export type AdviceOutcome =
  'taken' | 'submitted' | 'skipped' | 'fallback' | 'failed' | 'unfinished';

/** What the adviser says of a stack. */
export interface Justification {
  /** INFO, WARNING or ERROR, as far as the adviser keeps to that. */
  readonly type: string;
  readonly message: string;
  /** Where to read more; may be empty, and may be anything: it came over the network. */
  readonly link: string;
}

/** What the recommended lock changes; null: not there. */
export interface PackageChange {
  readonly package: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** What a build log tells of the advice that was asked for in it. */
export interface AdviceReport {
  readonly outcome: AdviceOutcome;
  /** The id of the analysis at Thoth, where one was made. */
  readonly analysisId?: string;
  /** Why nothing was asked, or taken. */
  readonly reason?: string;
  /** The exit code of advise.sh, where it failed. */
  readonly code?: number;
  readonly score?: number;
  readonly stackInfo: readonly Justification[];
  readonly justification: readonly Justification[];
  readonly changes: readonly PackageChange[];
  /** Of the lock that was taken: the SHA-256 of the file, hex. */
  readonly lockSha256?: string;
  /** True where the packages' origin was checked and found to be in order. */
  readonly provenancePassed: boolean;
}
