import type { Finding } from '../../errors/amun-error.js';
import { parseImageReference } from '../image-reference.js';
import { quoteText } from '../validation/json-pointer.js';

/** The base image must be a reference that any container engine takes for one. */
export function checkBaseImage(base: string): Finding[] {
  const message = explain(base);
  return message === undefined ? [] : [{ pointer: '/base', message }];
}

function explain(base: string): string | undefined {
  if (base === 'scratch') {
    return 'The base "scratch" is empty and has no sh to run anything; name an image of a system.';
  }
  if (parseImageReference(base) !== undefined) return undefined;
  return `The base ${quoteText(base)} is no image reference; ${hint(base)}.`;
}

function hint(base: string): string {
  if (/^[a-z-]+:\/\//i.test(base)) return 'leave out what stands before "://", and that too';
  if (/\s/.test(base)) return 'it must not contain white space';
  if (base.startsWith('-')) return 'it must not begin with -';
  if (base !== base.toLowerCase() && parseImageReference(base.toLowerCase()) !== undefined) {
    return `names are in lower case, so try ${quoteText(base.toLowerCase())}`;
  }
  return 'write [registry/]name[:tag][@sha256:digest], for example "registry.fedoraproject.org/fedora:40"';
}
