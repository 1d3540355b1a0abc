/** A word that the shell takes as it is. */
export function quoteForShell(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * What a run's process 1, /bin/sh, is told: the init step first, silently and whatever comes of it,
 * then the command in its own place.
 */
export function shellLine(init: readonly string[], command: readonly string[]): string {
  const words = (list: readonly string[]): string => list.map(quoteForShell).join(' ');
  const begin = init.length === 0 ? '' : `(${words(init)}) >/dev/null 2>&1 </dev/null; `;
  return `${begin}exec ${words(command)}`;
}
