import type { Outcome } from './response-builder.js';

/** A response, ready to be written. */
export interface Encoded {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

/**
 * What the template's Express makes of an outcome: objects and arrays go out as JSON text under
 * text/html, a Buffer as application/octet-stream, numbers and booleans as application/json,
 * unless the handler named a content-type; a failure as the error's text, without its headers.
 * Throws TypeError or RangeError for a status or header that HTTP cannot carry.
 */
export function encodeOutcome(outcome: Outcome): Encoded {
  const { status } = outcome;
  if (!Number.isInteger(status)) throw new TypeError(`status ${String(status)} is not an integer`);
  if (status < 100 || status > 999) throw new RangeError(`status ${status} is out of range`);
  if (outcome.kind === 'failure') return encode(status, {}, describe(outcome.error));
  return encode(status, readHeaders(outcome.headers), serialise(outcome.value));
}

function describe(error: unknown): unknown {
  const text: unknown = (error as { toString?: () => unknown }).toString?.();
  return text ?? error;
}

/** Plain objects and arrays become text here, before Express sees them. */
function serialise(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const plain = Array.isArray(value) || value.constructor === Object;
  return plain ? JSON.stringify(value) : value;
}

function encode(
  status: number,
  headers: Record<string, string | string[]>,
  value: unknown,
): Encoded {
  const named = headers['content-type'];
  const nothing = { status, headers, body: Buffer.alloc(0) };
  if (status === 204 || status === 304) {
    delete headers['content-type'];
    return nothing;
  }
  if (value === undefined || value === null) return nothing;
  if (value instanceof Uint8Array) {
    headers['content-type'] = nameType(named ?? 'application/octet-stream');
    return { status, headers, body: Buffer.from(value) };
  }
  const isText = typeof value === 'string';
  const type = named ?? (isText ? 'text/html' : 'application/json');
  headers['content-type'] = typeof type === 'string' ? withUtf8(type) : type;
  const text = isText ? value : (JSON.stringify(value) as string | undefined);
  const body = Buffer.from(status === 205 ? '' : (text ?? ''));
  return { status, headers, body };
}

/** Bytes keep their charset; types that are text have one all the same. */
function nameType(type: string | string[]): string | string[] {
  const isText = typeof type === 'string' && /^(text\/|application\/json\b)/i.test(type);
  return isText && !/charset=/i.test(type) ? withUtf8(type) : type;
}

function withUtf8(type: string): string {
  return `${type.replace(/;\s*charset=[^;]*/i, '').trim()}; charset=utf-8`;
}

/** Names in lower case; a list stays a list, anything else becomes text. */
function readHeaders(values: Readonly<Record<string, unknown>>): Record<string, string | string[]> {
  const entries = Object.entries(values).map(
    ([name, value]) =>
      [name.toLowerCase(), Array.isArray(value) ? value.map(String) : String(value)] as const,
  );
  return Object.fromEntries(entries);
}
