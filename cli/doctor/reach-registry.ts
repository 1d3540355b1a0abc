import { once } from 'node:events';
import { request, type ClientRequest } from 'node:http';

/** The registry of base images that name none. */
export const REGISTRY = 'registry-1.docker.io';

const PATIENCE_MS = 3_000;

/**
 * Whether the registry answers at all, through the proxy where there is one. Never takes longer
 * than three seconds, and never throws.
 */
export async function reachRegistry(
  proxy: string | undefined,
  registry = `https://${REGISTRY}`,
): Promise<boolean> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    if (proxy !== undefined) return await reachThrough(new URL(proxy), registry, signal);
    // 401 is what an anonymous client is told: somebody is there.
    await (await fetch(`${registry}/v2/`, { signal, redirect: 'manual' })).body?.cancel();
    return true;
  } catch {
    return false;
  }
}

async function reachThrough(proxy: URL, registry: string, signal: AbortSignal): Promise<boolean> {
  const { hostname, port } = new URL(registry);
  const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const basic = Buffer.from(credentials).toString('base64');
  const connection: ClientRequest = request({
    host: proxy.hostname,
    port: proxy.port === '' ? 80 : proxy.port,
    method: 'CONNECT',
    path: `${hostname}:${port === '' ? 443 : port}`,
    headers: proxy.username === '' ? {} : { 'proxy-authorization': `Basic ${basic}` },
    signal,
  });
  connection.end();
  const [response, socket] = (await once(connection, 'connect')) as [
    { statusCode?: number },
    { destroy(): void },
  ];
  socket.destroy();
  return response.statusCode === 200;
}
