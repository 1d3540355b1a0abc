import type { Answered, Call } from '../../functions/call-function.js';
import { checkAnswer } from './check-answer.js';

/** Throws where a function answers otherwise than the API's document says. */
export function checkFunctionAnswer(call: Call, answered: Answered): void {
  const { method = 'GET', query = {}, path = '/' } = call;
  checkAnswer({
    method,
    path: path === '/' ? pathOfQuery(query) : path,
    status: answered.status,
    contentType: asText(answered.headers['content-type']),
    allow: asText(answered.headers['allow']),
    text: answered.text,
  });
}

/** faas-cli's callers have no paths. */
function pathOfQuery({
  inspection_id: id,
  what = 'status',
  matrix_id: matrix,
}: Readonly<Record<string, unknown>>): string {
  if (typeof matrix === 'string') return `/matrix/${matrix}`;
  return typeof id === 'string' && typeof what === 'string' ? `/inspect/${id}/${what}` : '/inspect';
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
