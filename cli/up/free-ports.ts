import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/**
 * Below the range from which systems take ports for outgoing connections: a process that is being
 * restarted finds its port free again.
 */
const LOWEST = 20_000;
const COUNT = 12_000;
const TRIES = 1_000;

/** So many different ports of 127.0.0.1 that nothing listens on. */
export async function findFreePorts(count: number): Promise<number[]> {
  const held: Server[] = [];
  const ports: number[] = [];
  try {
    for (let tries = 0; ports.length < count; tries += 1) {
      if (tries > TRIES) throw new Error('No free ports between 20000 and 32000 on 127.0.0.1.');
      const port = LOWEST + Math.floor(Math.random() * COUNT);
      const server = await listen(port);
      if (server === undefined) continue;
      held.push(server);
      ports.push(port);
    }
  } finally {
    for (const server of held) server.close();
  }
  return ports;
}

/** True where this process could listen there. */
export async function isPortFree(port: number): Promise<boolean> {
  const server = await listen(port);
  server?.close();
  return server !== undefined;
}

async function listen(port: number): Promise<Server | undefined> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  } catch {
    return undefined;
  }
}
