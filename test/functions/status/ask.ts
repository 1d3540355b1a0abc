import { parse as parseQuery } from 'node:querystring';
import { parametersOf, route } from '../../../functions/status/route.js';
import { createHandler } from '../../../shared/http/create-handler.js';
import { checkFunctionAnswer } from '../../shared/api/check-function-answer.js';
import { callFunction, type Answered, type Call } from '../call-function.js';
import type { Stage } from '../../shared/lifecycle/open-stage.js';

/** Asks the function `status`; the query as in a URL. Every answer must be as it is documented. */
export async function ask(stage: Stage, target: string, call: Call = {}): Promise<Answered> {
  const [path = '/', search = ''] = target.split('?');
  const handler = createHandler(
    (request) => route(() => Promise.resolve(stage.ports), request),
    stage.ports.log,
    parametersOf,
  );
  const asked = { path, query: parseQuery(search), ...call };
  const answered = await callFunction(handler, asked);
  // faas-cli asks everything by POST.
  const isPosted = path === '/' && call.method === 'POST';
  checkFunctionAnswer(isPosted ? { ...asked, method: 'GET' } : asked, answered);
  return answered;
}
