import { asObject } from '../../json/read-json.js';

/** Reading of the cluster's objects, which nobody has vouched for: what is not of its type, or too long, is not there. */

/** The text, at most `most` characters of it. */
export function asText(value: unknown, most = 4096): string | undefined {
  return typeof value === 'string' ? value.slice(0, most) : undefined;
}

/** The text where it has at most `most` characters: a part of a name is another name. */
export function asName(value: unknown, most: number): string | undefined {
  return typeof value === 'string' && value.length <= most ? value : undefined;
}

/** The whole number. */
export function asInteger(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

/** The time, as ISO 8601 in UTC. */
export function asTime(value: unknown): string | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** Texts by name; other values are left out. */
export function asTexts(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(asObject(value)).flatMap(([name, text]) =>
    typeof text === 'string' ? [[name, text] as const] : [],
  );
  return Object.fromEntries(entries);
}
