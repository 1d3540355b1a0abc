import { AmunError, isAmunError } from '../errors/amun-error.js';
import type { Json } from '../inspection/specification.js';
import { MethodNotAllowedError } from './method-not-allowed.js';
import { answer, type Answer } from './respond.js';

/** Seconds after which a client may try again what is retryable. */
const RETRY_AFTER_SECONDS = '5';

/** The answer to a request that failed: {error, parameters, code, details?}. */
export function errorAnswer(error: unknown, parameters: Json): Answer {
  const known = isAmunError(error)
    ? error
    : new AmunError('Internal', 'Amun made a mistake; its log has the details.', { cause: error });
  const { status } = known.entry;
  const body = {
    error: known.message,
    parameters,
    code: known.code,
    ...(known.details === undefined
      ? {}
      : { details: known.details.map((found) => ({ ...found })) }),
  };
  return answer(status, body, headersOf(known));
}

function headersOf(error: AmunError): Record<string, string> | undefined {
  if (error instanceof MethodNotAllowedError) return { allow: error.allowed.join(', ') };
  const { status, retryable } = error.entry;
  return retryable && status !== 500 ? { 'retry-after': RETRY_AFTER_SECONDS } : undefined;
}
