/** What each error code means to HTTP and to whoever may try again. */
export interface ErrorEntry {
  /** The HTTP status a request that ends in this error is answered with. */
  readonly status: number;
  /** True where the same call may succeed later without anything being changed. */
  readonly retryable: boolean;
  /** One sentence for people. */
  readonly summary: string;
}

/** Every error that Amun raises on purpose. Codes are stable: clients may rely on them. */
export const ERROR_CATALOGUE = {
  InvalidSpecification: {
    status: 400,
    retryable: false,
    summary: 'The specification is not valid.',
  },
  InvalidRequest: { status: 400, retryable: false, summary: 'The request is not valid.' },
  InvalidEvent: { status: 400, retryable: false, summary: 'The event is not one of ours.' },
  Forbidden: { status: 403, retryable: false, summary: 'This is not permitted.' },
  NotFound: { status: 404, retryable: false, summary: 'There is no such thing.' },
  MethodNotAllowed: {
    status: 405,
    retryable: false,
    summary: 'This path does not answer to that method.',
  },
  AlreadyExists: { status: 409, retryable: false, summary: 'It exists already.' },
  Conflict: {
    status: 409,
    retryable: true,
    summary: 'Somebody else changed it at the same time.',
  },
  AlreadyFinished: { status: 409, retryable: false, summary: 'The inspection has ended already.' },
  NotFinished: { status: 409, retryable: false, summary: 'The inspection has not ended yet.' },
  TooLarge: { status: 413, retryable: false, summary: 'It is larger than what is accepted.' },
  UnsupportedMediaType: {
    status: 415,
    retryable: false,
    summary: 'Send JSON, with content-type application/json.',
  },
  IdempotencyKeyReused: {
    status: 422,
    retryable: false,
    summary: 'The idempotency key came with another request before.',
  },
  TooManyRequests: { status: 429, retryable: true, summary: 'Too much at once; try again later.' },
  Unavailable: {
    status: 503,
    retryable: true,
    summary: 'Something that Amun needs does not answer at the moment.',
  },
  ExportPending: {
    status: 503,
    retryable: true,
    summary: 'The results are not in the S3 store yet.',
  },
  TimedOut: { status: 504, retryable: true, summary: 'It took too long.' },
  Internal: { status: 500, retryable: true, summary: 'Amun made a mistake.' },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;
