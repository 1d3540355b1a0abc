import type { Dispatcher } from 'undici';
import type { ServedFunction } from './function-registry.js';

const PROBE_TIMEOUT_MS = 1_000;

/** True where the function's process answers its health check. */
export async function isServing(agent: Dispatcher, target: ServedFunction): Promise<boolean> {
  if (target.url === undefined) return false;
  try {
    const { statusCode, body } = await agent.request({
      origin: target.url,
      path: '/_/health',
      method: 'GET',
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    await body.dump();
    return statusCode === 200;
  } catch {
    return false;
  }
}
