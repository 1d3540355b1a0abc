/** One finding of a refused specification. */
export interface ApiFinding {
  readonly pointer: string;
  readonly message: string;
}

/** The service answered, and its answer is an error. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    /** Amun's error code; undefined where something else answered (a proxy). */
    readonly code: string | undefined,
    message: string,
    readonly details: readonly ApiFinding[] = [],
  ) {
    super(message);
  }

  /** True where the same request may succeed a moment later. */
  get passing(): boolean {
    return [429, 502, 503, 504].includes(this.status);
  }
}

/** No answer came: nothing listens there, or the connection broke. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';

  constructor(
    readonly url: string,
    cause: unknown,
  ) {
    super(`Nothing answers on ${url}.`, { cause });
  }
}

/** True for a failure that a service under restart causes. */
export function isPassing(error: unknown): boolean {
  return error instanceof UnreachableError || (error instanceof ApiError && error.passing);
}
