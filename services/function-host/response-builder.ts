import type { FunctionContext } from '../../shared/http/function-contract.js';

/** What a handler said in the end. */
export type Outcome =
  | {
      readonly kind: 'result';
      readonly status: number;
      readonly headers: Readonly<Record<string, unknown>>;
      readonly value: unknown;
    }
  /** `fail` or a throw: the template drops the headers. */
  | { readonly kind: 'failure'; readonly status: number; readonly error: unknown };

/**
 * The template's context object, quirks included: `succeed` and `fail` return nothing, `status()`
 * and `headers()` without a value read, `fail` with nothing is a result of nothing.
 */
export class ResponseBuilder implements FunctionContext {
  /** True once the handler has called `succeed` or `fail`: its returned value is then ignored. */
  ended = false;
  #status = 200;
  #headers: Record<string, unknown> = {};
  readonly #end: (outcome: Outcome) => void;

  /** @param end called for each `succeed`, `fail`, return or throw; only the first one counts */
  constructor(end: (outcome: Outcome) => void) {
    this.#end = end;
  }

  status(code: number): this;
  status(): number;
  status(code?: number): this | number {
    if (!code) return this.#status;
    this.#status = code;
    return this;
  }

  headers(values: Record<string, string>): this;
  headers(): Record<string, unknown>;
  headers(values?: Record<string, string>): this | Record<string, unknown> {
    if (!values) return this.#headers;
    this.#headers = values;
    return this;
  }

  succeed(value?: unknown): undefined {
    this.ended = true;
    this.#end({ kind: 'result', status: this.#status, headers: this.#headers, value });
  }

  fail(error?: unknown): undefined {
    if (this.#status === 200) this.#status = 500;
    this.ended = true;
    this.throwOut(error);
  }

  /** A throw: the status stays what it was, 200 unless the handler had set another. */
  throwOut(error: unknown): void {
    if (error) this.#end({ kind: 'failure', status: this.#status, error });
    else
      this.#end({ kind: 'result', status: this.#status, headers: this.#headers, value: undefined });
  }
}
