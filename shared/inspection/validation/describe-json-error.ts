import { quoteText } from './json-pointer.js';

/**
 * Where a text stops being JSON and what should stand there, as a sentence with line and column
 * (both from 1). JSON.parse says so in some versions of Node and for some mistakes only.
 */
export function describeJsonError(text: string): string {
  const { position, wanted } = findJsonError(text) ?? { position: text.length, wanted: 'the end' };
  const before = text.slice(0, position);
  const line = before.split('\n').length;
  const column = position - before.lastIndexOf('\n');
  const found =
    position < text.length
      ? quoteText(String.fromCodePoint(text.codePointAt(position) ?? 0))
      : 'the end';
  return `line ${line}, column ${column} has ${found} where ${wanted} should be.`;
}

interface JsonError {
  readonly position: number;
  /** What should be there, as the end of a sentence. */
  readonly wanted: string;
}

type Expected = 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'comma' | 'end';

const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/y;

/** The first error in a text, or undefined for JSON. Keeps its own stack: depth is no danger to it. */
export function findJsonError(text: string): JsonError | undefined {
  /** The brackets that will close what is open. */
  const closers: string[] = [];
  let expected: Expected = 'value';
  let position = 0;
  for (;;) {
    while (' \t\n\r'.includes(text[position] ?? 'x')) position += 1;
    const char = text[position] ?? '';
    const closer = closers.at(-1);
    if (expected === 'end' && char === '') return undefined;
    if (mayClose(expected) && char === closer) {
      closers.pop();
      position += 1;
      expected = closers.length === 0 ? 'end' : 'comma';
    } else if (expected === 'comma' && char === ',') {
      position += 1;
      expected = closer === '}' ? 'key' : 'value';
    } else if (expected === 'colon' && char === ':') {
      position += 1;
      expected = 'value';
    } else if (isValue(expected) && (char === '[' || char === '{')) {
      closers.push(char === '[' ? ']' : '}');
      position += 1;
      expected = char === '[' ? 'first value' : 'first key';
    } else if (char === '"' && (isValue(expected) || isKey(expected))) {
      const end = endOfString(text, position);
      if (typeof end === 'object') return end;
      position = end;
      expected = isKey(expected) ? 'colon' : closer === undefined ? 'end' : 'comma';
    } else {
      const end = isValue(expected) ? endOfLiteral(text, position) : undefined;
      if (end === undefined) return { position, wanted: describe(expected, closer) };
      position = end;
      expected = closer === undefined ? 'end' : 'comma';
    }
  }
}

function mayClose(expected: Expected): boolean {
  return expected === 'comma' || expected === 'first value' || expected === 'first key';
}

function isValue(expected: Expected): boolean {
  return expected === 'value' || expected === 'first value';
}

function isKey(expected: Expected): boolean {
  return expected === 'key' || expected === 'first key';
}

function describe(expected: Expected, closer = ''): string {
  switch (expected) {
    case 'value':
      return 'a value';
    case 'first value':
      return 'a value or ]';
    case 'key':
      return 'a field name in double quotes';
    case 'first key':
      return 'a field name in double quotes or }';
    case 'colon':
      return 'a colon';
    case 'comma':
      return `a comma or ${closer}`;
    case 'end':
      return 'the end';
  }
}

function endOfLiteral(text: string, position: number): number | undefined {
  LITERAL.lastIndex = position;
  return LITERAL.test(text) ? LITERAL.lastIndex : undefined;
}

/** The position behind the closing quote, or the error inside. */
function endOfString(text: string, start: number): number | JsonError {
  for (let position = start + 1; ; position += 1) {
    const char = text[position] ?? '';
    if (char === '"') return position + 1;
    if (char === '') return { position, wanted: 'a closing double quote' };
    if (char < ' ') return { position, wanted: 'an escape such as \\n or \\u0000' };
    if (char !== '\\') continue;
    ESCAPE.lastIndex = position;
    if (!ESCAPE.test(text)) return { position, wanted: 'a valid escape such as \\\\ or \\n' };
    position = ESCAPE.lastIndex - 1;
  }
}
