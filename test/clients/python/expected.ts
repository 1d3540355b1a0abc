/** A text that fits. */
export function like(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}

/** An object with these fields, and maybe others. */
export function having(fields: object): unknown {
  return expect.objectContaining(fields);
}

/** What the clients raise for an answer that is an error, as often as given. */
export function refused(status: number, times: number): unknown[] {
  const message = like(new RegExp(`^\\(${status}\\)[^]*"error":`));
  return Array.from({ length: times }, () => ({ raised: 'ApiException', message }));
}

/** A stdout that is no JSON object cannot be read by any of them: their models say that it is one. */
export function noObject(times: number): unknown[] {
  const message = "'str' object has no attribute 'items'";
  return Array.from({ length: times }, () => ({ raised: 'AttributeError', message }));
}
