import type { Finding } from '../../errors/amun-error.js';
import { scriptUrl } from '../script-url.js';
import { quoteText } from '../validation/json-pointer.js';
import { explainHttpUrl } from './http-url.js';

/** One word with a scheme: meant as a URL, whatever follows. */
const ANY_URL = /^[a-z][a-z0-9+.-]*:\/\/\S*$/i;

/** The script: text with or without a shebang, or an http(s) URL. */
export function checkScript(script: string): Finding[] {
  const message = explain(script);
  return message === undefined ? [] : [{ pointer: '/script', message }];
}

function explain(script: string): string | undefined {
  if (script.trim() === '') {
    return 'The script is empty; write one, or leave it out to build only.';
  }
  const line = script.trim();
  const url = scriptUrl(script) ?? (ANY_URL.test(line) ? line : undefined);
  if (url !== undefined) {
    const why = explainHttpUrl(url);
    return why === undefined
      ? undefined
      : `The script ${quoteText(url)} cannot be fetched: ${why}.`;
  }
  if (script.includes('\0')) return 'The script holds a NUL character; send text only.';
  if (script.startsWith('\ufeff')) {
    return 'The script begins with a byte order mark, which hides its shebang; save it without.';
  }
  if (/^#![^\n]*\r(?:\n|$)/.test(script)) {
    return 'The first line of the script ends with a carriage return, so its interpreter would not be found; save it with Unix line ends.';
  }
  return undefined;
}
