import { loadConfig, type Config } from '../config/config.js';
import { createLog, type Log } from '../log/create-log.js';
import { exitWithParent } from './exit-with-parent.js';
import { serveHealth, type Health } from './serve-health.js';

/** What a service gets to work with. */
export interface ServiceContext {
  readonly config: Config;
  readonly log: Log;
  /** Aborted on SIGTERM, SIGINT, or when the process that started this one is gone. */
  readonly signal: AbortSignal;
  /** What /healthz says; not ready until the service says so. */
  readonly health: Health;
}

/** How long a service may take to finish what is in hand before it is ended. */
const GRACE_MS = 20_000;

/**
 * The frame of every long-running process: configuration, log, health and metrics, and an end by
 * signal that lets `run` finish what is in hand.
 */
export function runService(name: string, run: (context: ServiceContext) => Promise<void>): void {
  const config = loadConfig();
  const log = createLog(name, config.logLevel);
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) return;
    log.info('stopping');
    controller.abort();
    setTimeout(() => process.exit(1), GRACE_MS).unref();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  exitWithParent(stop);

  const fail = (error: unknown): never => {
    log.fatal({ err: error }, 'ended by an error');
    process.exit(1);
  };
  process.on('unhandledRejection', fail);
  const health: Health = { ready: false, detail: 'starting' };
  serveHealth(health, {
    host: config.listenHost,
    port: config.listenPort,
    signal: controller.signal,
    allowedHosts: config.allowedHosts,
  })
    .then((port) => {
      log.info({ port }, 'started');
      return run({ config, log, signal: controller.signal, health });
    })
    .then(() => process.exit(0), fail);
}
