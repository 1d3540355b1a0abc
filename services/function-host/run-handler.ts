import { AmunError } from '../../shared/errors/amun-error.js';
import type { FunctionEvent, FunctionHandler } from '../../shared/http/function-contract.js';
import { ResponseBuilder, type Outcome } from './response-builder.js';

/**
 * Calls the handler and resolves to what it said first. Throws TimedOut after `timeoutMs`; the
 * handler goes on then, and what it says later is lost.
 */
export async function runHandler(
  handler: FunctionHandler,
  event: FunctionEvent,
  timeoutMs: number,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(
        new AmunError('TimedOut', `The function took longer than ${timeoutMs / 1000} seconds.`),
      );
    }, timeoutMs);
    const context = new ResponseBuilder((outcome) => {
      clearTimeout(timer);
      resolve(outcome);
    });
    void Promise.resolve()
      .then(() => handler(event, context))
      .then(
        (value) => {
          if (!context.ended) context.succeed(value);
        },
        (error: unknown) => context.throwOut(error),
      );
  });
}
