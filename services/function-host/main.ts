import path from 'node:path';
import type { AddressInfo } from 'node:net';
import { loadConfig } from '../../shared/config/config.js';
import { loadFunctionLimits } from '../../shared/config/function-limits.js';
import { exitWithParent } from '../../shared/process/exit-with-parent.js';
import { createFunctionServer } from './create-function-server.js';
import { loadHandler } from './load-handler.js';
import { createLineLog } from './line-log.js';
import { stopServer } from './stop-server.js';

/** dist/functions/submit/handler.js serves the function "submit". */
const file = path.resolve(process.argv[2] ?? 'handler.js');
const log = createLineLog(path.basename(path.dirname(file)));

function fail(error: unknown): never {
  log('error', 'the function cannot be served', error);
  process.exit(1);
}

try {
  const config = loadConfig();
  const limits = loadFunctionLimits();
  const handler = loadHandler(file);
  const server = createFunctionServer(handler, {
    ...limits,
    allowedHosts: config.allowedHosts,
    log,
  });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    log('info', 'stopping');
    // Nothing in hand lasts longer than the time a function may take.
    void stopServer(server, limits.execTimeoutMs).then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  exitWithParent(stop);
  server.on('error', fail);
  server.listen(config.listenPort, config.listenHost, () => {
    log('info', `serving on port ${(server.address() as AddressInfo).port}`);
  });
} catch (error) {
  fail(error);
}
