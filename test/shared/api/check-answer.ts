import { allowedMethods, createPathTable } from '../../../shared/api/path-table.js';
import { routes } from '../../../shared/api/generated/routes.js';
import { escapeToken, OPERATIONS, resolvePointer, type Node } from './api-document.js';
import { misfits } from './document-schemas.js';

/** An answer that a test got, and what it asked. */
export interface SeenAnswer {
  readonly method: string;
  /** Behind /api/v1, without the query. */
  readonly path: string;
  readonly status: number;
  readonly contentType: string | undefined;
  readonly allow?: string | undefined;
  readonly text: string;
}

/** What a path or method that does not exist is answered. */
const UNKNOWN = new Set([400, 403, 404]);
const ERROR = '/components/schemas/Error';
const table = createPathTable(routes);

/** An answer that the document does not have. */
export class UndocumentedAnswer extends Error {}

/** Throws UndocumentedAnswer where the API's document does not say that this is answered so. */
export function checkAnswer(seen: SeenAnswer): void {
  const wrong = findWrong(seen);
  if (wrong.length === 0) return;
  const shown = seen.text.length > 2000 ? `${seen.text.slice(0, 2000)}…` : seen.text;
  throw new UndocumentedAnswer(
    `${seen.method} ${seen.path} answered ${seen.status}, which shared/api/openapi does not say:\n` +
      `${wrong.join('\n')}\n${shown}`,
  );
}

function findWrong(seen: SeenAnswer): string[] {
  const { method, status, text } = seen;
  const found = table.find(seen.path.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1'));
  if (found === undefined) return UNKNOWN.has(status) ? checkError(text) : ['no such path'];
  if (method === 'OPTIONS' && status === 204) return [];
  const asked = method === 'HEAD' ? 'GET' : method;
  const operation = OPERATIONS.find((one) => one.path === found.template && one.method === asked);
  // "/job/x/log" fits a template, and yet is no path: the number of a run is part of its shape.
  if (operation === undefined) {
    if (status === 405) return [...checkAllow(seen.allow, found.routes), ...checkError(text)];
    return UNKNOWN.has(status) ? checkError(text) : ['no such method'];
  }
  // A function knows its own methods only, and its caller may have chosen the wrong function.
  if (status === 405) return checkError(text);
  const response = (operation.node['responses'] as Node)[String(status)];
  if (response === undefined) return ['no such status'];
  const place = resolvePointer(response, `${operation.pointer}/responses/${status}`);
  const content = place.node['content'] as Node | undefined;
  if (content === undefined) return text === '' ? [] : ['a body where none is documented'];
  const type = (seen.contentType ?? '').split(';')[0] ?? '';
  if (!(type in content)) return [`content-type ${type}`];
  if (method === 'HEAD' && text === '') return [];
  return checkBody(type, `${place.pointer}/content/${escapeToken(type)}/schema`, text);
}

function checkAllow(
  allow: string | undefined,
  known: readonly (typeof routes)[number][],
): string[] {
  const wanted = allowedMethods(known);
  const told = (allow ?? '').split(', ');
  return told.every((method) => wanted.includes(method)) ? [] : [`Allow: ${allow ?? ''}`];
}

function checkError(text: string): string[] {
  return checkBody('application/json', ERROR, text);
}

function checkBody(type: string, pointer: string, text: string): string[] {
  if (type === 'application/json') return misfits(pointer, JSON.parse(text));
  if (type !== 'application/x-ndjson') return misfits(pointer, text);
  const lines = text.split('\n').slice(0, -1);
  return lines.flatMap((line) => misfits(pointer, JSON.parse(line)));
}
