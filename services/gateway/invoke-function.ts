import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, type Dispatcher } from 'undici';
import { AmunError } from '../../shared/errors/amun-error.js';
import type { ServedFunction } from './function-registry.js';

/** One call of a function. */
export interface Invocation {
  readonly method: string;
  /** As the function is to see it, with its query: "/" or more. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body?: Uint8Array | undefined;
  /** Breaks it off. */
  readonly signal?: AbortSignal;
}

/** A little more than a function may take, so that its own 504 comes first. */
const ANSWER_TIMEOUT_MS = 70_000;

/** How long a function's process is waited for: long enough for one that died to be back. */
const RESTART_DELAYS_MS = [50, 100, 200, 400, 800, 1000, 1000, 1000];

/** It never came as far as the function, so trying again cannot do the work twice. */
const NEVER_ARRIVED = new Set(['ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT', 'EHOSTUNREACH']);
const BROKEN_OFF = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);
const TIMED_OUT = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** Connections to functions, kept alive: so many to each, or as many as there are calls. */
export function createFunctionAgent(connections: number | 'unbounded' = 128): Dispatcher {
  return new Agent({
    connections: connections === 'unbounded' ? null : connections,
    pipelining: 1,
    connect: { timeout: 2_000 },
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: ANSWER_TIMEOUT_MS,
  });
}

/**
 * Calls a function and resolves to its answer, the body still to be read. A function whose process
 * is down is waited for; a call that broke off is repeated only where it is a mere question.
 * Throws Unavailable and TimedOut.
 *
 * @param delaysMs how long to wait before each further try
 */
export async function invokeFunction(
  agent: Dispatcher,
  target: ServedFunction,
  invocation: Invocation,
  delaysMs: readonly number[] = RESTART_DELAYS_MS,
): Promise<Dispatcher.ResponseData> {
  if (target.url === undefined) {
    throw new AmunError(
      'Unavailable',
      `Function "${target.name}" runs nowhere; start it, and name its address in AMUN_FUNCTIONS.`,
    );
  }
  target.invocations += 1;
  for (let tries = 0; ; tries += 1) {
    try {
      return await agent.request({
        origin: target.url,
        path: invocation.path,
        method: invocation.method,
        headers: invocation.headers,
        body: invocation.body ?? null,
        signal: invocation.signal ?? null,
      });
    } catch (error) {
      if (invocation.signal?.aborted === true) {
        throw new AmunError('Unavailable', 'The gateway is ending; ask again.', { cause: error });
      }
      const code = readCode(error);
      const mayRepeat =
        NEVER_ARRIVED.has(code) || (isQuestion(invocation.method) && BROKEN_OFF.has(code));
      const delay = delaysMs[tries];
      if (!mayRepeat || delay === undefined) throw translate(error, code, target.name);
      await sleep(delay);
    }
  }
}

/** True where the call changes nothing, whether it is made twice or broken off. */
export function isQuestion(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function readCode(error: unknown): string {
  const { code } = error as { code?: unknown };
  // Several addresses tried (localhost is 127.0.0.1 and ::1): the first failure tells.
  if (error instanceof AggregateError && code === undefined) return readCode(error.errors[0]);
  return typeof code === 'string' ? code : '';
}

function translate(error: unknown, code: string, name: string): AmunError {
  if (TIMED_OUT.has(code)) {
    return new AmunError('TimedOut', `Function "${name}" did not answer in time.`, {
      cause: error,
    });
  }
  if (NEVER_ARRIVED.has(code)) {
    return new AmunError('Unavailable', `Function "${name}" is not running at the moment.`, {
      cause: error,
    });
  }
  return new AmunError(
    'Unavailable',
    `Function "${name}" went away before it answered; whether it did the work is not known.`,
    { cause: error },
  );
}
