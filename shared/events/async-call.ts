import { createHash } from 'node:crypto';

/** Calls of functions that nobody waits for travel the bus under this prefix. */
const PREFIX = 'amun.async.';

/** The subject of a function's asynchronous calls. */
export function asyncSubject(functionName: string): string {
  return `${PREFIX}${functionName}`;
}

/** Tells such a message from others: the same call id may stand for calls of several functions. */
export function asyncMessageId(subject: string, path: string, callId: string): string {
  return createHash('sha256').update([subject, path, callId].join('\0')).digest('hex');
}

/** Headers of such a message; its body is the call's own. */
export const ASYNC_HEADERS = {
  /** What the function is to see as path and query. */
  path: 'X-Path',
  contentType: 'Content-Type',
  callId: 'X-Call-Id',
  startTime: 'X-Start-Time',
} as const;
