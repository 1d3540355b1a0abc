import { AmunError } from '../errors/amun-error.js';

/**
 * Texts as a file with one of them a line. Validation refuses line breaks long before; here they
 * would turn one entry into two, so this refuses them again (InvalidSpecification).
 */
export function writeLines(texts: readonly string[]): string {
  for (const text of texts) {
    if (!/[\0\r\n]/.test(text)) continue;
    throw new AmunError(
      'InvalidSpecification',
      `${JSON.stringify(text)} holds a line break or NUL; write one line.`,
    );
  }
  return texts.map((text) => `${text}\n`).join('');
}
