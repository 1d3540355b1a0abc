const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const CONTROL_BUT_TAB = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029]/;

/**
 * The first control character or line separator in a text as "U+000A", or undefined without one.
 * @param allowTab true where tabs are text like any other
 */
export function findControlCharacter(text: string, allowTab = false): string | undefined {
  const found = (allowTab ? CONTROL_BUT_TAB : CONTROL).exec(text)?.[0];
  if (found === undefined) return undefined;
  return `U+${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
