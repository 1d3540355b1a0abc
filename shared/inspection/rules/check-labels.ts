import type { Finding } from '../../errors/amun-error.js';
import { jsonPointer, quoteText } from '../validation/json-pointer.js';

/** What names and values begin and end with, and what may stand in between, as in Kubernetes. */
const TEXT = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const DOMAIN = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const MAX_DOMAIN_LENGTH = 253;
/** Domain, slash and name. */
const MAX_KEY_LENGTH = MAX_DOMAIN_LENGTH + 64;
/** What is under it is Amun's own. */
const OWN_DOMAIN = /(?:^|\.)amun\.io$/;

/** True for what can be the key of a label: `[domain/]name`. */
function isLabelKey(key: string): boolean {
  if (key.length > MAX_KEY_LENGTH) return false;
  const [name = '', domain, ...more] = key.split('/').reverse();
  if (more.length > 0 || !TEXT.test(name)) return false;
  return domain === undefined || (domain.length <= MAX_DOMAIN_LENGTH && DOMAIN.test(domain));
}

/** True for what can be the value of a label; an empty one can. */
function isLabelValue(value: string): boolean {
  return value === '' || TEXT.test(value);
}

/** Labels by which inspections are found; a label of Kubernetes is one here. */
export function checkLabels(labels: Readonly<Record<string, string>>): Finding[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const message = explainKey(key) ?? explainValue(key, value);
    return message === undefined ? [] : [{ pointer: jsonPointer('labels', key), message }];
  });
}

function explainKey(key: string): string | undefined {
  if (!isLabelKey(key)) {
    return (
      `The label ${quoteText(key)} has no valid key; write at most 63 letters, digits, - _ and . ` +
      `that begin and end with a letter or digit, with a domain and / before them where you like.`
    );
  }
  if (!key.includes('/') || !OWN_DOMAIN.test(key.slice(0, key.indexOf('/')))) return undefined;
  return `The label ${quoteText(key)} is in Amun's own domain; write another one, or none.`;
}

function explainValue(key: string, value: string): string | undefined {
  if (isLabelValue(value)) return undefined;
  return (
    `The value of the label ${quoteText(key)} cannot be one; write at most 63 letters, digits, ` +
    `- _ and . that begin and end with a letter or digit, or nothing.`
  );
}
