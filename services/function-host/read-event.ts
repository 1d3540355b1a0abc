import type { IncomingMessage } from 'node:http';
import { parse as parseQuery } from 'node:querystring';
import { readBody } from '../../shared/http/read-body.js';
import type { FunctionEvent } from '../../shared/http/function-contract.js';
import { inflateBody } from './inflate-body.js';

/** type/subtype, as far as the template's body parser looks at it. */
const MEDIA_TYPE = /^[a-z0-9][\w!#$&^.+-]*\/[a-z0-9][\w!#$&^.+-]*\s*(;.*)?$/i;

/**
 * The event that the official template makes of a request under RAW_BODY: content-type text/plain
 * where there is none, the body a Buffer (undefined where none was sent, or where the content-type
 * is no media type), the query parsed flat, the path as it was sent.
 */
export async function readEvent(
  request: IncomingMessage,
  maxBodyBytes: number,
): Promise<FunctionEvent> {
  const { headers } = request;
  if (headers['content-type'] === undefined || headers['content-type'] === '') {
    headers['content-type'] = 'text/plain';
  }
  const { path, query } = splitTarget(request.url ?? '/');
  return {
    body: hasBody(request) ? await readRawBody(request, maxBodyBytes) : undefined,
    headers,
    method: request.method ?? 'GET',
    query: parseQuery(query),
    path,
  };
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || headers['content-length'] !== undefined;
}

async function readRawBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const raw = await readBody(request, limit);
  if (!MEDIA_TYPE.test(request.headers['content-type'] ?? '')) return undefined;
  return inflateBody(raw, request.headers['content-encoding'], limit);
}

/** "/a?b=c" or "http://host/a?b=c" into path and query; nothing is decoded. */
function splitTarget(target: string): { path: string; query: string } {
  const relative = target.replace(/^https?:\/\/[^/?]*/i, '').replace(/#.*$/, '');
  const mark = relative.indexOf('?');
  const path = mark === -1 ? relative : relative.slice(0, mark);
  return { path: path === '' ? '/' : path, query: mark === -1 ? '' : relative.slice(mark + 1) };
}
