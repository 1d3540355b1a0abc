import { asArray, asObject, asText } from '../shared/json/read-json.js';
import { ApiError, UnreachableError, type ApiFinding } from './api-error.js';
import { openStream } from './open-stream.js';

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Requests to one service's REST API; paths are those below /api/v1. */
export interface Transport {
  /** The service's address, without a trailing slash. */
  readonly url: string;
  /** The answer's JSON. Throws ApiError or UnreachableError. */
  json(method: string, path: string, options?: RequestOptions): Promise<unknown>;
  /** The answer's body as it comes, once it begins to. Throws like `json`, also while it is read. */
  stream(
    path: string,
    signal: AbortSignal,
    options?: Pick<RequestOptions, 'query' | 'headers'>,
  ): Promise<AsyncIterable<Uint8Array>>;
}

/** A single answer must come within this time. */
const ANSWER_TIMEOUT_MS = 60_000;

class AnswerTimeout extends Error {}

/** A signal that also ends after the time limit; `release` when the answer is there. */
function limitTime(outer: AbortSignal | undefined): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const pass = (): void => controller.abort(outer?.reason);
  if (outer?.aborted === true) pass();
  outer?.addEventListener('abort', pass);
  const timer = setTimeout(
    () => controller.abort(new AnswerTimeout('No answer in time.')),
    ANSWER_TIMEOUT_MS,
  );
  return {
    signal: controller.signal,
    release: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', pass);
    },
  };
}

/** Speaks HTTP to the service at `url` ("http://127.0.0.1:8080", with or without /api/v1). */
export function createTransport(url: string): Transport {
  const base = url.replace(/\/+$/, '').replace(/\/api\/v1$/, '');

  function targetOf(path: string, query: RequestOptions['query'] = {}): URL {
    const target = new URL(`${base}/api/v1${path}`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) target.searchParams.set(name, String(value));
    }
    return target;
  }

  async function open(method: string, path: string, options: RequestOptions): Promise<Response> {
    const target = targetOf(path, options.query);
    const sent = options.body === undefined ? undefined : JSON.stringify(options.body);
    try {
      return await fetch(target, {
        method,
        headers: {
          ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
          ...options.headers,
        },
        body: sent ?? null,
        signal: options.signal ?? null,
      });
    } catch (error) {
      throw unreachable(error, options.signal);
    }
  }

  async function readText(response: Response, signal: AbortSignal | undefined): Promise<string> {
    try {
      return await response.text();
    } catch (error) {
      throw unreachable(error, signal);
    }
  }

  /** Whoever aborted on purpose gets that back; anything else is a lost connection. */
  function unreachable(error: unknown, signal: AbortSignal | undefined): unknown {
    const reason: unknown = signal?.reason;
    const wanted = signal?.aborted === true && !(reason instanceof AnswerTimeout);
    return wanted ? error : new UnreachableError(base, error);
  }

  return {
    url: base,
    async json(method, path, options = {}) {
      const limit = limitTime(options.signal);
      try {
        const response = await open(method, path, { ...options, signal: limit.signal });
        return readAnswer(base, response.status, await readText(response, options.signal));
      } finally {
        limit.release();
      }
    },
    async stream(path, signal, { query, headers } = {}) {
      try {
        const { status, chunks } = await openStream(targetOf(path, query), signal, headers);
        if (status === 200) return translate(chunks, signal);
        const parts: Uint8Array[] = [];
        for await (const chunk of chunks) parts.push(chunk);
        readAnswer(base, status, Buffer.concat(parts).toString());
      } catch (error) {
        throw error instanceof ApiError ? error : unreachable(error, signal);
      }
      throw new ApiError(200, undefined, notOurs(base, 200));
    },
  };

  async function* translate(
    chunks: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): AsyncIterable<Uint8Array> {
    try {
      yield* chunks;
    } catch (error) {
      throw unreachable(error, signal);
    }
  }
}

function readAnswer(base: string, status: number, text: string): unknown {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new ApiError(status, undefined, notOurs(base, status));
  }
  if (status >= 200 && status < 300) return body;
  const fields = asObject(body);
  const findings = asArray(fields['details']).map((entry): ApiFinding => {
    const finding = asObject(entry);
    return { pointer: asText(finding['pointer']) ?? '', message: asText(finding['message']) ?? '' };
  });
  const message = asText(fields['error']) ?? notOurs(base, status);
  throw new ApiError(status, asText(fields['code']), message, findings);
}

function notOurs(base: string, status: number): string {
  return `What answers on ${base} (HTTP ${status}) does not speak Amun's API; check --url or AMUN_URL.`;
}
