import { AmunError, isAmunError } from '../../../errors/amun-error.js';
import { asObject } from '../../../json/read-json.js';
import { asText } from '../read-fields.js';

/** Node's codes for a request that never reached the server, so that it may be sent again. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/** Those for a connection that broke: nobody knows what the server has done. */
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED']);

/** The error for a connection that failed. What is an AmunError already stays what it is. */
export function connectionError(error: unknown, server: string): AmunError {
  if (isAmunError(error)) return error;
  const words = asText(asObject(error)['message']) || codeOf(error) || 'it does not say why';
  const advice = isAboutCertificate(error)
    ? ' Give its certificate authority in the kubeconfig (certificate-authority).'
    : '';
  return new AmunError(
    'Unavailable',
    `${server} cannot be reached: ${words.replace(/\.$/, '')}.${advice}`,
    {
      cause: error,
    },
  );
}

/** True where the server cannot have seen the request. */
export function wasNeverSent(error: unknown): boolean {
  return NEVER_SENT.has(causeCode(error) ?? '');
}

/** True where the connection broke before the answer was complete. */
export function wasBroken(error: unknown): boolean {
  return BROKEN.has(causeCode(error) ?? '');
}

function isAboutCertificate(error: unknown): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(codeOf(error) ?? '');
}

function causeCode(error: unknown): string | undefined {
  return isAmunError(error) ? codeOf(error.cause) : codeOf(error);
}

function codeOf(error: unknown): string | undefined {
  return asText(asObject(error)['code']);
}
