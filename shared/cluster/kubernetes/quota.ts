import { readQuantity } from '../../inspection/quantity.js';
import { isAmunError, type AmunError } from '../../errors/amun-error.js';

/** The API server's words: each list is `resource=quantity`, by commas, of what exceeds alone. */
const EXCEEDED = /exceeded quota: \S+, requested: (\S+), used: \S+, limited: (\S+)/;
/** A quota that was made a moment ago. */
const UNKNOWN = /status unknown for quota: /;

/**
 * True where the namespace's quota refused an object that it would admit if there were no others:
 * once others have ended there may be room.
 */
export function mayFitLater(error: unknown): error is AmunError {
  if (!isAmunError(error, 'Forbidden')) return false;
  if (UNKNOWN.test(error.message)) return true;
  const [, requested, limited] = EXCEEDED.exec(error.message) ?? [];
  if (requested === undefined || limited === undefined) return false;
  const limits = readAmounts(limited);
  return [...readAmounts(requested)].every(([resource, amount]) => {
    const limit = limits.get(resource);
    return amount !== undefined && limit !== undefined && amount <= limit;
  });
}

function readAmounts(text: string): Map<string, number | undefined> {
  const pairs = text.split(',').map((part) => {
    const [resource = '', quantity = ''] = part.split('=');
    return [resource, readQuantity(quantity)] as const;
  });
  return new Map(pairs);
}
