/** Query parameters; undefined ones are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface ReadOptions {
  readonly query?: Query;
  /** Names and labels only ("PartialObjectMetadata"): no spec, no status, no data. */
  readonly metadataOnly?: boolean;
  readonly signal?: AbortSignal;
}

export type CreateOptions = Pick<ReadOptions, 'metadataOnly'>;

export interface StreamOptions extends ReadOptions {
  /** Ends the stream with Unavailable where nothing came for so long, milliseconds. Default: none. */
  readonly idleMs?: number;
}

export interface RemoveOptions {
  readonly gracePeriodSeconds?: number;
  /** Only where it is still this object, not another one of the same name. */
  readonly uid?: string;
}

/**
 * A Kubernetes API server, as a REST service: paths begin with `/api/v1/…` or `/apis/…`. Answers are
 * parsed JSON that nobody has looked at. Every failure is an AmunError with the server's own words:
 * NotFound, AlreadyExists, Conflict, Forbidden (also 401, and a quota that is used up),
 * InvalidRequest, TooLarge, TooManyRequests, and Unavailable for whatever may pass.
 */
export interface ApiServer {
  /** Where it is, for messages: "https://10.0.0.1:6443". */
  readonly url: string;
  /** The namespace that the credentials come with, if they say one. */
  readonly namespace: string | undefined;
  get(path: string, options?: ReadOptions): Promise<unknown>;
  /** POST. @returns the object as the server has it, or only its names and labels */
  create(path: string, object: object, options?: CreateOptions): Promise<unknown>;
  /** JSON merge patch (RFC 7386). */
  patch(path: string, patch: object): Promise<unknown>;
  /** DELETE, dependents in the background. */
  remove(path: string, options?: RemoveOptions): Promise<void>;
  /** The body as it comes; the answer's status is judged before the first piece. */
  stream(path: string, options?: StreamOptions): AsyncIterable<Uint8Array>;
  /** Closes idle connections. */
  close(): void;
}
