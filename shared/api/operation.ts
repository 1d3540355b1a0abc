/** An operation of the API's document, as far as it takes to find who serves it. */
export interface Route {
  /** The document's operationId. */
  readonly id: string;
  readonly method: string;
  /** A template: "/inspect/{id}/status", without the API's prefix. */
  readonly path: string;
  readonly servedBy: 'submit' | 'status' | 'gateway';
}

/** An operation with everything that a request is checked against. */
export interface Operation extends Route {
  readonly parameters: readonly Parameter[];
}

/** A parameter as the document describes it. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  /** How its text is read; for a list, each item's. */
  readonly kind: 'string' | 'integer' | 'number' | 'boolean';
  readonly isList: boolean;
  readonly isRequired: boolean;
  /** What it is where it is not there. */
  readonly fallback?: unknown;
  /** How a sentence goes on after "write": "a whole number from 1 to 100". */
  readonly write: string;
  /** What a path parameter names: "inspection". */
  readonly noun?: string;
  /** Whether a value, read as `kind`, fits the document's schema. */
  readonly isValid: (value: unknown) => boolean;
}
