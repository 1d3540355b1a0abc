import { isIP } from 'node:net';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Asked for by kubelets and Prometheus, which know a process by its address only. */
const OBSERVED = new Set([
  '/healthz',
  '/liveness',
  '/readiness',
  '/metrics',
  '/_/health',
  '/_/ready',
]);

/**
 * Why a request must be refused, or undefined where it is welcome. A web page in a browser on this
 * machine can reach loopback: its Origin gives it away, and a name rebound to 127.0.0.1 its Host.
 *
 * @param allowed hosts besides loopback, each with or without a port
 */
export function whyForeign(
  request: {
    readonly url?: string | undefined;
    readonly headers: { readonly host?: string | undefined; readonly origin?: string | undefined };
  },
  allowed: readonly string[],
): string | undefined {
  const { url = '', headers } = request;
  // An address cannot be rebound, as a name can.
  const isProbe = OBSERVED.has(url) && headers.host !== undefined && isAddress(headers.host);
  if (headers.host === undefined || !(isProbe || isAllowed(headers.host, allowed))) {
    return `Host "${headers.host ?? ''}" is not served here; use 127.0.0.1, or name it in AMUN_ALLOWED_HOSTS.`;
  }
  if (headers.origin === undefined) return undefined;
  const host = /^https?:\/\/([^/]+)$/.exec(headers.origin)?.[1];
  // The same host and port: our own pages. Any other port on loopback is somebody else's page.
  if (host === headers.host) return undefined;
  if (host !== undefined && allowed.includes(host)) return undefined;
  return `Requests from pages of "${headers.origin}" are refused.`;
}

/** "10.1.2.3:8081" or "[fd00::1]:8081"; the port may be missing. */
function isAddress(host: string): boolean {
  const name = host.replace(/:\d+$/, '');
  return isIP(name) === 4 || (/^\[.*\]$/.test(name) && isIP(name.slice(1, -1)) === 6);
}

function isAllowed(host: string, allowed: readonly string[]): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return LOOPBACK.has(name) || allowed.includes(name) || allowed.includes(host.toLowerCase());
}
