import type { Dispatcher } from 'undici';

/** How a call ended. */
export type Outcome =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** Retry-After, as it was sent. */
      readonly retryAfter?: string | undefined;
      /** The beginning of the answer's text. */
      readonly text: string;
    }
  | { readonly kind: 'timeout' }
  /** Broken off: the function may or may not have done its work. */
  | { readonly kind: 'broken'; readonly why: string }
  /** The gateway was not reached: nothing has happened. */
  | { readonly kind: 'unreachable'; readonly why: string };

export interface Call {
  readonly origin: string;
  /** Sent as it is: what a client wrote must not be resolved to some other path. */
  readonly path: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

const MAX_ANSWER_BYTES = 4096;

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Makes one call; never throws. */
export async function callFunction(call: Call, dispatcher: Dispatcher): Promise<Outcome> {
  const signal = AbortSignal.timeout(call.timeoutMs);
  try {
    const { statusCode, headers, body } = await dispatcher.request({
      origin: call.origin,
      path: call.path,
      method: 'POST',
      headers: call.headers,
      body: call.body,
      signal,
    });
    const retryAfter = headers['retry-after'];
    return {
      kind: 'answer',
      status: statusCode,
      text: await readBeginning(body),
      retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
    };
  } catch (error) {
    if (signal.aborted) return { kind: 'timeout' };
    return classify(error);
  }
}

function classify(error: unknown): Outcome {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const { code, message } = first as { code?: unknown; message?: unknown };
  const why = typeof message === 'string' ? message : String(first);
  if (typeof code === 'string' && UNREACHABLE.has(code)) return { kind: 'unreachable', why };
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
    return { kind: 'timeout' };
  }
  return { kind: 'broken', why };
}

/** The status is the verdict: an answer that breaks off after it counts all the same. */
async function readBeginning(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      if (size < MAX_ANSWER_BYTES) chunks.push(chunk);
      size += chunk.length;
      // A little more is read, for the connection's sake; a flood is not.
      if (size > 64 * MAX_ANSWER_BYTES) break;
    }
  } catch {
    // What has come is kept.
  }
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString('utf8');
}
