import { InvalidArgumentError } from 'commander';

/** Adds the next one of a repeated option's texts to those before. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** A label as `key=value`, put to those of the options before; for commander. */
export function parseLabel(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, key, value] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  if (key === undefined || value === undefined) {
    throw new InvalidArgumentError('Write a label as key=value.');
  }
  return { ...before, [key]: value };
}
