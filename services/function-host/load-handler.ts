import { createRequire } from 'node:module';
import { AmunError } from '../../shared/errors/amun-error.js';
import type { FunctionHandler } from '../../shared/http/function-contract.js';

/** Loads a bundle as the template does, by require; throws InvalidRequest where it is no function. */
export function loadHandler(file: string): FunctionHandler {
  const exported: unknown = createRequire(file)(file);
  if (typeof exported !== 'function') {
    throw new AmunError(
      'InvalidRequest',
      `${file} exports no function; it must say module.exports = async (event, context) => ….`,
    );
  }
  return exported as FunctionHandler;
}
