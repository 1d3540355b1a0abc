/**
 * Control characters that a terminal would obey: everything but tab, newline, carriage return and
 * colours. What a script prints must not be able to retitle or reprogram the reader's terminal.
 */
const OBEYED = /(\x1b\[[0-9;]{0,32}m)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/** The text with such characters shown as U+FFFD; meant for terminals, not for pipes. */
export function harmlessText(text: string): string {
  return text.replace(OBEYED, (_found, colour: string | undefined) => colour ?? '\uFFFD');
}

/** One line of it: for messages of others inside sentences of ours. */
export function harmlessLine(text: string): string {
  return harmlessText(text).replace(/\s+/g, ' ').trim();
}
