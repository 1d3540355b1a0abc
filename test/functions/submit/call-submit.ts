import { parametersOf, route } from '../../../functions/submit/route.js';
import { createHandler } from '../../../shared/http/create-handler.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import { checkFunctionAnswer } from '../../shared/api/check-function-answer.js';
import { callFunction, type Answered, type Call } from '../call-function.js';

/** Calls the function `submit` by POST. Every answer must be as it is documented. */
export async function callSubmit(ports: Ports, call: Call): Promise<Answered> {
  const handler = createHandler(
    (request) => route(() => Promise.resolve(ports), request),
    ports.log,
    parametersOf,
  );
  const asked = { method: 'POST', ...call };
  const answered = await callFunction(handler, asked);
  checkFunctionAnswer(asked, answered);
  return answered;
}
