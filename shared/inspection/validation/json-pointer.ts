/** JSON pointer (RFC 6901) made of unescaped segments. */
export function jsonPointer(...segments: readonly (string | number)[]): string {
  return segments.map((segment) => `/${escapeSegment(String(segment))}`).join('');
}

/** The unescaped segments of a JSON pointer. */
export function pointerSegments(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The place as people write it: "files[0].path"; "The specification" for the whole of it. */
export function describePlace(pointer: string): string {
  const segments = pointerSegments(pointer);
  if (segments.length === 0) return 'The specification';
  return segments
    .map((segment, index) => {
      if (/^\d+$/.test(segment)) return `[${segment}]`;
      const text = /^[\w-]{1,64}$/.test(segment) ? segment : quoteText(segment);
      return index === 0 ? text : `.${text}`;
    })
    .join('');
}

/** A user's text for a message: in quotes, escaped, and cut where it is long. */
export function quoteText(text: string, maxLength = 60): string {
  return JSON.stringify(text.length > maxLength ? `${text.slice(0, maxLength)}…` : text);
}

function escapeSegment(segment: string): string {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1');
}
