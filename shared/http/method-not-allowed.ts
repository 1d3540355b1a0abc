import { AmunError } from '../errors/amun-error.js';

/** A method that a path does not answer to; the answer's Allow lists those it answers to. */
export class MethodNotAllowedError extends AmunError {
  constructor(
    method: string,
    path: string,
    /** Methods, OPTIONS and HEAD among them. */
    readonly allowed: readonly string[],
  ) {
    const useful = allowed.filter((name) => name !== 'HEAD' && name !== 'OPTIONS').join(' or ');
    super('MethodNotAllowed', `Use ${useful} for ${shorten(path)}, not ${shorten(method)}.`);
  }
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
