import type { Finding } from '../../errors/amun-error.js';
import { MAX_IDENTIFIER_LENGTH } from '../limits.js';
import { quoteText } from '../validation/json-pointer.js';

const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** True for what may stand in an inspection's id: part of a DNS label. */
export function isIdentifier(text: string): boolean {
  return text.length <= MAX_IDENTIFIER_LENGTH && LABEL.test(text);
}

/** The identifier goes into the names of the cluster's objects. */
export function checkIdentifier(identifier: string): Finding[] {
  if (isIdentifier(identifier)) return [];
  const message =
    identifier === ''
      ? 'The identifier is empty; write one, or leave it out.'
      : `The identifier ${quoteText(identifier)} cannot be part of a name in the cluster; ` +
        `write lower-case letters, digits and -, beginning and ending with a letter or digit.`;
  return [{ pointer: '/identifier', message }];
}
