import { AmunError } from '../errors/amun-error.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable's text; undefined where it is unset or empty. */
export function readText(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === undefined || value === '' ? undefined : value;
}

/** A variable's number, or the default; throws InvalidRequest where it is none, or out of bounds. */
export function readNumber(
  environment: Environment,
  name: string,
  fallback: number,
  bounds: { readonly min: number; readonly max?: number },
): number {
  const text = readText(environment, name);
  if (text === undefined) return fallback;
  const value = Number(text);
  const max = bounds.max ?? Number.MAX_SAFE_INTEGER;
  if (!Number.isFinite(value) || value < bounds.min || value > max) {
    const range = bounds.max === undefined ? `from ${bounds.min}` : `from ${bounds.min} to ${max}`;
    throw new AmunError('InvalidRequest', `${name} is "${text}"; write a number ${range}.`);
  }
  return value;
}

/** "NAME=VALUE,NAME=VALUE"; `what` the values are, for the error. */
export function readPairs(
  environment: Environment,
  name: string,
  what: string,
): Record<string, string> {
  const entries = readList(environment, name).map((entry) => {
    const [key, ...value] = entry.split('=');
    if (key === undefined || value.length === 0) {
      throw new AmunError('InvalidRequest', `${name}: "${entry}" is not NAME=${what}.`);
    }
    return [key, value.join('=')] as const;
  });
  return Object.fromEntries(entries);
}

/** Entries between commas. */
export function readList(environment: Environment, name: string): string[] {
  return (readText(environment, name) ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
