import { ERROR_CATALOGUE, type ErrorCode, type ErrorEntry } from './catalogue.js';

/** One finding in what a user sent. */
export interface Finding {
  /** JSON pointer (RFC 6901) to the place; '' is the whole document. */
  readonly pointer: string;
  /** A sentence that says what to write instead. */
  readonly message: string;
}

export interface AmunErrorOptions {
  readonly details?: readonly Finding[];
  readonly cause?: unknown;
}

/** The one error class: its code says what happened, its message what to do about it. */
export class AmunError extends Error {
  override readonly name = 'AmunError';
  readonly code: ErrorCode;
  readonly details: readonly Finding[] | undefined;

  constructor(code: ErrorCode, message: string, options: AmunErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details;
  }

  /** HTTP status, retryability and summary of this error's code. */
  get entry(): ErrorEntry {
    return ERROR_CATALOGUE[this.code];
  }
}

/** True for an AmunError, of the given code where one is given. */
export function isAmunError(error: unknown, code?: ErrorCode): error is AmunError {
  return error instanceof AmunError && (code === undefined || error.code === code);
}
