import { Pool } from 'undici';
import { cpuSeconds } from './process-usage.js';

/** What a time of load came to. */
export interface LoadResult {
  readonly requests: number;
  /** CPU time that the server's processes used, seconds. */
  readonly cpu: number;
}

/**
 * Asks a server for `milliseconds`, with so many connections kept busy, one request each. Throws
 * where an answer is not 200.
 *
 * @param pids the processes whose CPU time counts
 * @param nextPath what to ask for
 */
export async function loadServer(
  url: string,
  pids: readonly number[],
  nextPath: () => string,
  { milliseconds, connections }: { readonly milliseconds: number; readonly connections: number },
): Promise<LoadResult> {
  const pool = new Pool(url, { connections, pipelining: 1 });
  const total = (): number => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  const before = total();
  const end = performance.now() + milliseconds;
  let requests = 0;
  const ask = async (): Promise<void> => {
    while (performance.now() < end) {
      const { statusCode, body } = await pool.request({ method: 'GET', path: nextPath() });
      await body.dump();
      if (statusCode !== 200) throw new Error(`${url} answered ${statusCode} under load.`);
      requests += 1;
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, ask));
    return { requests, cpu: total() - before };
  } finally {
    await pool.close();
  }
}
