import type { Finding } from '../../errors/amun-error.js';
import type { EnvironmentVariable } from '../specification.js';
import { jsonPointer, quoteText } from '../validation/json-pointer.js';
import { findControlCharacter } from './control-characters.js';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Variables of build and run. Their values are one line each: an image's environment has no way to
 * write a line break.
 */
export function checkEnvironment(environment: readonly EnvironmentVariable[]): Finding[] {
  const findings: Finding[] = [];
  const known = new Map<string, number>();
  for (const [index, { name, value }] of environment.entries()) {
    const badName = explainName(name, known);
    if (badName === undefined) known.set(name, index);
    else findings.push({ pointer: jsonPointer('environment', index, 'name'), message: badName });
    const control = findControlCharacter(value, true);
    if (control === undefined) continue;
    findings.push({
      pointer: jsonPointer('environment', index, 'value'),
      message: `The value of ${quoteText(name)} holds the control character ${control}; write one line of text, and put longer ones into files.`,
    });
  }
  return findings;
}

function explainName(name: string, known: ReadonlyMap<string, number>): string | undefined {
  if (!NAME.test(name)) {
    return `The variable ${quoteText(name)} has no valid name; write letters, digits and _, not beginning with a digit.`;
  }
  const first = known.get(name);
  if (first === undefined) return undefined;
  return `The variable ${quoteText(name)} is set by environment[${first}] already; keep one of the two.`;
}
