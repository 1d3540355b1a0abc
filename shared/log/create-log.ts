import { pino, type Logger } from 'pino';

export type Log = Logger;

/** Longer log lines stop OpenFaaS' log forwarding for good (of-watchdog#165), so texts are cut. */
const MAX_TEXT = 4096;

/**
 * JSON lines on stdout. Log allow-listed fields, never whole specifications, events or errors of
 * others: redaction is not deep.
 */
export function createLog(name: string, level: string): Log {
  return pino({ name, level, serializers: { err: describeError } });
}

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error).slice(0, MAX_TEXT);
  const code = (error as { code?: unknown }).code;
  return {
    message: error.message.slice(0, MAX_TEXT),
    ...(typeof code === 'string' ? { code } : {}),
    ...(error.cause instanceof Error ? { cause: error.cause.message.slice(0, MAX_TEXT) } : {}),
    stack: error.stack?.slice(0, MAX_TEXT),
  };
}
