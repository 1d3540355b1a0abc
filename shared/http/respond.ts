import type { Json } from '../inspection/specification.js';

/** An answer, before it becomes bytes. */
export interface Answer {
  readonly status: number;
  readonly body: Json | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A JSON answer. */
export function answer(status: number, body: Json, headers?: Record<string, string>): Answer {
  return headers === undefined ? { status, body } : { status, body, headers };
}

/** A plain text answer. */
export function answerText(status: number, body: string): Answer {
  return { status, body, headers: { 'content-type': 'text/plain; charset=utf-8' } };
}
