import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkAnswer, UndocumentedAnswer } from '../shared/api/check-answer.js';
import type { Stack } from './start-stack.js';

/** Whatever serves the API. */
type Service = Pick<Stack, 'url'>;

type Body = Record<string, unknown>;

/** One answer of the API. */
export interface Answered {
  readonly status: number;
  readonly body: Body;
}

/** Where an inspection stands, as far as tests look. */
export interface Status extends Body {
  readonly phase: string;
  readonly reason: string | null;
  readonly message: string | null;
  readonly build: Body;
  readonly job: Body & { readonly runs: Body[] };
}

/** A killed gateway is back within a few seconds; a loaded machine takes longer. */
const MAX_ATTEMPTS = 200;

/**
 * Asks the API; a stack whose processes are being killed may refuse, so refusals are tried again.
 * Every answer must be as it is documented.
 */
export async function ask(
  stack: Service,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answered> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const { status, contentType, text } = await send(stack, path, body, headers);
      if (status < 500 || attempt >= MAX_ATTEMPTS) {
        const method = body === undefined ? 'GET' : 'POST';
        const [asked = ''] = path.split('?');
        checkAnswer({ method, path: asked, status, contentType, text });
        return { status, body: JSON.parse(text) as Body };
      }
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || error instanceof UndocumentedAnswer) throw error;
    }
    await sleep(200);
  }
}

async function send(
  stack: Service,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<{ status: number; contentType: string | undefined; text: string }> {
  const response = await fetch(`${stack.url}/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body === undefined
      ? {}
      : {
          headers: { 'content-type': 'application/json', ...headers },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
  });
  const contentType = response.headers.get('content-type') ?? undefined;
  return { status: response.status, contentType, text: await response.text() };
}

/** Submits; resolves to the inspection's id. Sent again after a refusal, it still is one submission. */
export async function submit(stack: Service, specification: unknown): Promise<string> {
  const headers = { 'idempotency-key': randomUUID() };
  const { status, body } = await ask(stack, '/inspect', specification, headers);
  if (status !== 202) throw new Error(`submit answered ${status}: ${JSON.stringify(body)}`);
  return String(body['inspection_id']);
}

/** Where an inspection stands now. */
export async function statusOf(stack: Service, id: string): Promise<Status> {
  return (await ask(stack, `/inspect/${id}/status`)).body as Status;
}

/** Waits until an inspection has ended. */
export async function ended(
  stack: Service,
  id: string,
  timeoutMs = 300_000,
  pollMs = 100,
): Promise<Status> {
  return until(
    stack,
    id,
    ({ phase }) => ['succeeded', 'failed', 'cancelled'].includes(phase),
    timeoutMs,
    pollMs,
  );
}

/**
 * Waits until an inspection has succeeded.
 *
 * @throws where it ends otherwise, with all that is known of why
 */
export async function succeeded(stack: Service, id: string, timeoutMs?: number): Promise<Status> {
  const status = await ended(stack, id, timeoutMs);
  if (status.phase === 'succeeded') return status;
  const { body } = await ask(stack, `/inspect/${id}/build/log`);
  throw new Error(`${id}: ${JSON.stringify({ status, buildLog: body }, null, 1)}`);
}

/** Waits until an inspection's status is as wanted. */
export async function until(
  stack: Service,
  id: string,
  wanted: (status: Status) => boolean,
  timeoutMs = 300_000,
  pollMs = 100,
): Promise<Status> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const status = await statusOf(stack, id);
    if (wanted(status)) return status;
    if (Date.now() > deadline) throw new Error(`${id} still is ${JSON.stringify(status)}`);
    await sleep(pollMs);
  }
}

/** One run's report. */
export async function resultOf(stack: Service, id: string, item = 0): Promise<Body> {
  return (await ask(stack, `/inspect/${id}/job/${item}/result`)).body['result'] as Body;
}
