import { explainMarker } from './python-marker.js';
import { explainHttpUrl } from './http-url.js';

const NAME = /[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?/y;
const NAME_LIST = /\[ *(?:[A-Za-z0-9][A-Za-z0-9._-]* *(?:, *[A-Za-z0-9][A-Za-z0-9._-]* *)*)?\]/y;
const CLAUSE = /(?:===|==|~=|!=|<=|>=|<|>) *[A-Za-z0-9_.*+!-]+/y;
const SPACES = / */y;

/** True for a project's name as PEP 508 has it. */
export function isPythonProjectName(text: string): boolean {
  NAME.lastIndex = 0;
  return NAME.exec(text)?.[0].length === text.length;
}

/**
 * Why a text is no requirement that pip may be given, as the end of a sentence; undefined where it
 * is one: PEP 508's name, extras, versions or http(s) URL, and marker. No options, no paths.
 */
export function explainRequirement(text: string): string | undefined {
  let position = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position;
    const found = pattern.exec(text)?.[0];
    position += found?.length ?? 0;
    if (pattern !== SPACES) take(SPACES);
    return found;
  };

  if (take(NAME) === undefined) {
    return 'it must begin with the name of a package, so neither options nor paths can be given';
  }
  if (text[position] === '[' && take(NAME_LIST) === undefined) {
    return 'its extras must be names between [ and ], as in "requests[socks]"';
  }
  if (text[position] === '@') return explainDirectReference(text.slice(position + 1));

  const parenthesis = take(/\(/y);
  if (take(CLAUSE) !== undefined) {
    while (take(/,/y) !== undefined) {
      if (take(CLAUSE) === undefined) return 'a version must follow each comma, as in ">=1.0,<2"';
    }
  } else if (parenthesis !== undefined) {
    return 'a version must stand between ( and )';
  }
  if (parenthesis !== undefined && take(/\)/y) === undefined) return 'its ( is never closed';

  if (take(/;/y) !== undefined) return explainMarker(text.slice(position));
  return position === text.length ? undefined : explainRest(text.slice(position));
}

/** "name @ URL ; marker": the URL ends at the first space. */
function explainDirectReference(text: string): string | undefined {
  const [, url = '', marker] = /^ *(\S*)(?: +;(.*)| *)$/.exec(text) ?? [];
  if (url === '') return 'a URL must follow the @, and a space must stand before a marker';
  return explainHttpUrl(url) ?? (marker === undefined ? undefined : explainMarker(marker));
}

function explainRest(rest: string): string {
  if (/^=[^=]/.test(rest)) return 'an exact version is written with ==, as in "requests==2.31.0"';
  if (rest.startsWith('-')) return 'no options can be given, only a package';
  return 'write one package an entry, as in "requests[socks]>=2.31,<3"';
}
