import type { IncomingHttpHeaders } from 'node:http';

/** They belong to one connection, not to the request (RFC 9110, 7.6.1). */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Made anew for the function; Origin was looked at here, and means nothing further on. */
const REPLACED = ['host', 'origin', 'content-length', 'expect'];

type Headers = Record<string, string | string[]>;

/** A request's headers as the function gets them. */
export function forwardRequestHeaders(
  headers: IncomingHttpHeaders,
  sender: { readonly address: string; readonly callId: string; readonly startTime: string },
): Headers {
  const forwarded = leaveOut(headers, [...HOP_BY_HOP, ...REPLACED]);
  return {
    ...forwarded,
    'x-forwarded-for': forwarded['x-forwarded-for'] ?? sender.address,
    'x-forwarded-host': forwarded['x-forwarded-host'] ?? headers.host ?? '',
    'x-call-id': sender.callId,
    'x-start-time': sender.startTime,
  };
}

/** A function's headers as the caller gets them. */
export function forwardAnswerHeaders(headers: IncomingHttpHeaders): Headers {
  return leaveOut(headers, HOP_BY_HOP);
}

function leaveOut(headers: IncomingHttpHeaders, names: readonly string[]): Headers {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || names.includes(name) ? [] : [[name, value] as const],
  );
  return Object.fromEntries(entries);
}
