/** Several slashes count as one, and one at the end does not count. */
export function normalizePath(path: string): string {
  return path.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
}
