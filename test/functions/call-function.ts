import { runHandler } from '../../services/function-host/run-handler.js';
import type { FunctionEvent, FunctionHandler } from '../../shared/http/function-contract.js';

/** A request as a test writes it. */
export interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Readonly<Record<string, unknown>>;
  /** By name in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes as they are; anything else as JSON. */
  readonly body?: unknown;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** The answer's JSON. */
  readonly body: Record<string, unknown>;
}

/** Calls a handler as the function host does: RAW_BODY, flat query, no body at all where none is. */
export async function callFunction(handler: FunctionHandler, call: Call): Promise<Answered> {
  const event: FunctionEvent = {
    body: call.body === undefined ? undefined : toBytes(call.body),
    headers: { 'content-type': 'application/json', ...call.headers },
    method: call.method ?? 'GET',
    query: call.query ?? {},
    path: call.path ?? '/',
  };
  const outcome = await runHandler(handler, event, 30_000);
  if (outcome.kind === 'failure') throw new Error('It threw past its edge.');
  const text = String(outcome.value);
  return {
    status: outcome.status,
    headers: outcome.headers,
    text,
    body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
  };
}

function toBytes(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
}

/** What every answer to a request that failed looks like. */
export function expectRefusal(answered: Answered, status: number, code: string): void {
  expect(answered).toMatchObject({ status, body: { code } });
  expect(answered.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(answered.body['error']).toMatch(/^\S.{10,}[.!?]$/s);
  expect(answered.body['parameters']).toEqual(expect.any(Object));
}
