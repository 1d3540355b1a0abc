/** Answers of the API as they are read; field names are those of the wire. */
export interface Submitted {
  readonly inspection_id: string;
  /** False where the build of an earlier inspection is used. */
  readonly build_created: boolean;
}

export interface RunStatus {
  readonly item: number;
  readonly state: string;
  readonly exit_code: number | null;
  readonly reason: string | null;
  readonly message: string | null;
}

export interface PartStatus {
  /** waiting, running or terminated. */
  readonly state: string;
  readonly position: number | null;
  readonly reason: string | null;
  readonly message: string | null;
}

/** What came of asking Thoth for advice. */
export interface AdviceStatus {
  /** taken, submitted, fell_back or failed. */
  readonly state: string;
  readonly message: string;
  readonly analysis_id: string | null;
}

/** What Thoth says of a stack. */
export interface AdviceRemark {
  /** INFO, WARNING or ERROR, as far as Thoth keeps to that. */
  readonly type: string;
  readonly message: string;
  /** Where to read more; may be empty. */
  readonly link: string;
}

/** All that is known of the advice. */
export interface Advice extends AdviceStatus {
  readonly score: number | null;
  /** Of the stack that was sent. */
  readonly stack_info: readonly AdviceRemark[];
  /** Of the stack that is recommended. */
  readonly justification: readonly AdviceRemark[];
  /** A version is null where the lock has none of that package. */
  readonly changes: readonly {
    readonly package: string;
    readonly from: string | null;
    readonly to: string | null;
  }[];
  /** The recommended Pipfile.lock; null where none was taken. */
  readonly requirements_locked: Readonly<Record<string, unknown>> | null;
}

export interface InspectionStatus {
  readonly inspection_id: string;
  readonly phase: string;
  readonly reason: string | null;
  readonly message: string | null;
  readonly position: number | null;
  readonly created: string | null;
  readonly finished: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly build: PartStatus & {
    readonly exit_code: number | null;
    /** True where the image was there already. */
    readonly reused: boolean;
  };
  readonly job: PartStatus & {
    readonly completions: number;
    readonly succeeded: number;
    readonly runs: readonly RunStatus[];
  };
  /** null where none was asked, or nothing has come of it yet. */
  readonly advice: AdviceStatus | null;
}

export interface InspectionSummary {
  readonly inspection_id: string;
  readonly phase: string;
  readonly reason: string | null;
  readonly created: string | null;
  readonly finished: string | null;
  readonly labels: Readonly<Record<string, string>>;
}

export interface InspectionList {
  /** null where the service does not know. */
  readonly total: number | null;
  readonly items: readonly InspectionSummary[];
}

export interface BuildLogPart {
  readonly log: string;
  readonly next_offset: number;
  readonly complete: boolean;
}

export interface OutputPart {
  readonly stdout: string;
  readonly stderr: string;
  readonly next_cursor: string | undefined;
  readonly complete: boolean;
  /** Which stream was longer than what is kept. */
  readonly cut: { readonly stdout: boolean; readonly stderr: boolean };
}
