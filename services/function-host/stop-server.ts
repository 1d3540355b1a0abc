import type { Server } from 'node:http';

/**
 * Takes no more connections and resolves when every request in hand is answered, or after
 * `graceMs` at the latest.
 */
export async function stopServer(server: Server, graceMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => {
      server.closeAllConnections();
      resolve();
    }, graceMs);
    // A connection kept alive becomes idle when its answer is out, and would stay open for long.
    const sweep = setInterval(() => server.closeIdleConnections(), 20);
    server.close(() => {
      clearTimeout(timer);
      clearInterval(sweep);
      resolve();
    });
  });
}
