/**
 * Says what is wrong with a value ("phase must be a string"), or nothing. `at` names its place and
 * is empty for the whole.
 */
export type Shape = (value: unknown, at: string) => string | undefined;

function simple(words: string, test: (value: unknown) => boolean): Shape {
  return (value, at) => (test(value) ? undefined : `${at} must be ${words}`);
}

export const text = simple('a string', (value) => typeof value === 'string');
export const flag = simple('true or false', (value) => typeof value === 'boolean');
export const integer = simple('an integer', (value) => Number.isSafeInteger(value));
export const integerOrNull = simple(
  'an integer or null',
  (value) => value === null || Number.isSafeInteger(value),
);

/** One of these strings. */
export function oneOf(choices: readonly string[]): Shape {
  const known = new Set<unknown>(choices);
  return simple(`one of ${choices.join(', ')}`, (value) => known.has(value));
}

/** An array of such items. */
export function listOf(item: Shape): Shape {
  return (value, at) => {
    if (!Array.isArray(value)) return `${at} must be an array`;
    for (const [index, each] of value.entries()) {
      const complaint = item(each, `${at}[${index}]`);
      if (complaint !== undefined) return complaint;
    }
    return undefined;
  };
}

/** An object with any fields, all of that shape. */
export function mapOf(member: Shape): Shape {
  const anyObject = objectOf({});
  return (value, at) => {
    const complaint = anyObject(value, at);
    if (complaint !== undefined) return complaint;
    for (const [name, each] of Object.entries(value as object)) {
      const found = member(each, `${at}.${name}`);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

/** An object with these fields; those that are not ours are let through, for newer versions' sake. */
export function objectOf(
  required: Readonly<Record<string, Shape>>,
  optional: Readonly<Record<string, Shape>> = {},
): Shape {
  // Listed once: a search begins with checking every record there is.
  const requiredFields = Object.entries(required);
  const optionalFields = Object.entries(optional);
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return `${at === '' ? 'it' : at} must be an object`;
    }
    const object = value as Readonly<Record<string, unknown>>;
    const place = (name: string) => (at === '' ? name : `${at}.${name}`);
    for (const [name, shape] of requiredFields) {
      const complaint = shape(object[name], place(name));
      if (complaint !== undefined) return complaint;
    }
    for (const [name, shape] of optionalFields) {
      if (object[name] === undefined) continue;
      const complaint = shape(object[name], place(name));
      if (complaint !== undefined) return complaint;
    }
    return undefined;
  };
}
