/** What the official OpenFaaS node template hands to a handler; with RAW_BODY the body is a Buffer. */
export interface FunctionEvent {
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly method: string;
  readonly query: Readonly<Record<string, unknown>>;
  /** The gateway's prefix `/function/<name>` is stripped: "/" or more. */
  readonly path: string;
}

/** The template's response builder: `status` and `headers` return the context, `succeed` ends it. */
export interface FunctionContext {
  status(code: number): FunctionContext;
  /** Replaces all headers. */
  headers(headers: Record<string, string>): FunctionContext;
  /** What it returns says nothing: hand it back as the handler's own value. */
  succeed(value: unknown): unknown;
}

export type FunctionHandler = (event: FunctionEvent, context: FunctionContext) => Promise<unknown>;
