import { AmunError, isAmunError } from '../../../errors/amun-error.js';
import type { ErrorCode } from '../../../errors/catalogue.js';
import { asArray, asObject } from '../../../json/read-json.js';
import { asInteger, asText } from '../read-fields.js';

/** One thing that the server found wrong. */
export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  /** Where: "spec.containers[0].image"; '' where it says none. */
  readonly field: string;
}

const MAX_MESSAGE = 4096;
const MAX_CAUSES = 50;
const MAX_RETRY_AFTER_MS = 600_000;

/** What an API server answered instead of what was asked for: the cause of the AmunError. */
export class ApiStatus extends Error {
  override readonly name = 'ApiStatus';

  constructor(
    /** As in HTTP. */
    readonly status: number,
    /** Kubernetes' word: "AlreadyExists", "Expired"; '' where it has none. */
    readonly reason: string,
    message: string,
    readonly causes: readonly StatusCause[],
    readonly retryAfterMs: number | undefined,
  ) {
    super(message);
  }
}

/** The server's answer behind an error, if there was one. */
export function apiStatusOf(error: unknown): ApiStatus | undefined {
  return isAmunError(error) && error.cause instanceof ApiStatus ? error.cause : undefined;
}

/** True where what a list or watch was to begin from is no longer remembered: list anew. */
export function isExpired(error: unknown): boolean {
  const answer = apiStatusOf(error);
  return answer !== undefined && (answer.status === 410 || answer.reason === 'Expired');
}

/**
 * Reads an answer that is not a success. The body may be a Status object, a proxy's page or anything.
 *
 * @param status of HTTP; undefined in a watch, whose error events have only the body
 */
export function parseStatus(
  status: number | undefined,
  body: unknown,
  retryAfter?: string,
): ApiStatus {
  const fields = asObject(body);
  const details = asObject(fields['details']);
  const text = typeof body === 'string' ? body.slice(0, 300) : fields['message'];
  const causes = asArray(details['causes']).slice(0, MAX_CAUSES).map(asObject);
  return new ApiStatus(
    status ?? asInteger(fields['code']) ?? 500,
    asText(fields['reason'], 100) ?? '',
    clean(text),
    causes.map((cause) => ({
      reason: asText(cause['reason'], 100) ?? '',
      message: clean(cause['message']),
      field: asText(cause['field'], 500) ?? '',
    })),
    readRetryAfter(retryAfter) ?? readRetryAfter(details['retryAfterSeconds']),
  );
}

/**
 * The error for what the server answered, in its own words.
 *
 * @param server its URL
 */
export function statusError(answer: ApiStatus, server: string): AmunError {
  const code = codeOf(answer);
  return new AmunError(code, messageOf(answer, server), { cause: answer });
}

function codeOf({ status, reason, message }: ApiStatus): ErrorCode {
  // etcd's limit comes as an error of the server's own.
  if (status === 413 || /request is too large/i.test(message)) return 'TooLarge';
  if (status === 409) return reason === 'AlreadyExists' ? 'AlreadyExists' : 'Conflict';
  if (status === 401 || status === 403) return 'Forbidden';
  if (status === 404) return 'NotFound';
  if (status === 408 || status === 410) return 'Unavailable';
  if (status === 429) return 'TooManyRequests';
  return status >= 400 && status < 500 ? 'InvalidRequest' : 'Unavailable';
}

function messageOf({ status, reason, message }: ApiStatus, server: string): string {
  const words = message === '' ? reason || 'it does not say why' : message;
  if (status === 401) {
    return `${server} does not accept the credentials; log in again, or renew the token (${words}).`;
  }
  if (status >= 300 && status < 400) {
    return `${server} answers with a redirect (${status}); is this the API server's URL?`;
  }
  return reason === '' ? `${server} answers ${status}: ${words}` : words;
}

/** One line, without control characters. */
function clean(text: unknown): string {
  return (asText(text, MAX_MESSAGE) ?? '').replace(/[\p{Cc}\s]+/gu, ' ').trim();
}

/** Seconds or a date, as in HTTP; milliseconds come back. */
function readRetryAfter(value: unknown): number | undefined {
  if (typeof value !== 'number' && (typeof value !== 'string' || value === '')) return undefined;
  const seconds = Number(value);
  const wait = Number.isNaN(seconds) ? Date.parse(String(value)) - Date.now() : seconds * 1000;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), MAX_RETRY_AFTER_MS);
}
