import type { JsonObject } from '../../shared/inspection/specification.js';

/** What Thoth says of a stack, or of a recommendation. */
export interface Justification {
  readonly type: 'INFO' | 'WARNING' | 'ERROR';
  readonly message: string;
  readonly link: string;
}

/** A stack that the stand-in recommends: both files as JSON. */
export interface AdvisedStack {
  readonly requirements: JsonObject;
  readonly requirementsLocked: JsonObject;
  readonly score?: number;
  readonly justification?: readonly Justification[];
  readonly stackInfo?: readonly Justification[];
}

/** How one analysis goes. */
export type ThothAnswer = (
  | { readonly kind: 'advice'; readonly stack: AdvisedStack }
  /** It ends well, and says that there is no stack that fits. */
  | { readonly kind: 'unsolvable'; readonly message: string }
  /** It ends badly: the result is answered with 400. */
  | { readonly kind: 'failed'; readonly message: string }
  /** The result is this text, whatever it is. */
  | { readonly kind: 'malformed'; readonly body: string }
  /** What was found about each package; none is a lock that is in order. */
  | { readonly kind: 'provenance'; readonly findings: readonly JsonObject[] }
) & {
  /** How often "not yet" is answered before; Infinity for an analysis without end. */
  readonly polls?: number;
};

/** Instead of taking an analysis on: what every request is answered with. */
export type ThothTrouble =
  | { readonly kind: 'status'; readonly status: number; readonly body: string }
  | { readonly kind: 'redirect'; readonly location: string }
  /** The connection stays open and nothing comes. */
  | { readonly kind: 'silence' };

/** A request as it came. */
export interface ThothRequest {
  readonly method: string;
  /** Without the query: "/api/v1/advise/python". */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** JSON; undefined where there was no body, or none that is JSON. */
  readonly body: unknown;
}
