import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FunctionHandler } from '../../../shared/http/function-contract.js';
import {
  createFunctionServer,
  type FunctionServerOptions,
} from '../../../services/function-host/create-function-server.js';

/** A function served on loopback for a test. */
export interface ServedHandler {
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  readonly logged: string[];
  close(): Promise<void>;
}

/** Serves a handler as the function host does, on any free port or the given one. */
export async function serveHandler(
  handler: FunctionHandler,
  options: Partial<FunctionServerOptions> & { readonly port?: number } = {},
): Promise<ServedHandler> {
  const logged: string[] = [];
  const server = createFunctionServer(handler, {
    maxBodyBytes: 1024 * 1024,
    execTimeoutMs: 10_000,
    allowedHosts: [],
    log: (level, message, error) =>
      void logged.push(`${level} ${message} ${error instanceof Error ? error.message : ''}`),
    ...options,
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    server,
    logged,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
