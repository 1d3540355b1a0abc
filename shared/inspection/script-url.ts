/** The URL a script is to be fetched from, or undefined where the script is its own text. */
export function scriptUrl(script: string): string | undefined {
  const line = script.trim();
  return /^https?:\/\/\S*$/i.test(line) ? line : undefined;
}
