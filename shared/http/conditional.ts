import { createHash } from 'node:crypto';

/** What makes an answer one that can be asked for again: its validator, and whether it is known. */
export interface Validated {
  readonly headers: Readonly<Record<string, string>>;
  /** True where the client has it already: 304. */
  readonly isKnown: boolean;
}

/**
 * Makes an answer's validator of its text, so that it is right whatever the answer was made from. It
 * is a weak one: it stays the same where the answer is compressed on its way.
 *
 * @param ifNoneMatch the request's If-None-Match
 */
export function validate(text: string | Uint8Array, ifNoneMatch: string | undefined): Validated {
  const digest = createHash('sha256').update(text).digest('base64url').slice(0, 27);
  const known = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return {
    // A stored answer may be used again only after asking whether it still holds.
    headers: { etag: `W/"${digest}"`, 'cache-control': 'no-cache' },
    isKnown: known.includes(`"${digest}"`) || known.includes('*'),
  };
}
