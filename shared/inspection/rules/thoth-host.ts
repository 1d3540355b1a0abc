const HOST = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::([1-9][0-9]{0,4}))?$/i;

/** True for a host name or IPv4 address, with a port where it needs one; no scheme, no path. */
export function isThothHost(text: string): boolean {
  const match = HOST.exec(text);
  return match !== null && !text.includes('..') && Number(match[1] ?? 443) <= 65535;
}
