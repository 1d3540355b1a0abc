import { connectNats } from '../bus/connect-nats.js';
import { createJetStreamBus } from '../bus/jetstream-bus.js';
import { loadConfig, type Config } from '../config/config.js';
import type { ExportConfig } from '../config/export-config.js';
import type { Exporter } from '../export/port.js';
import type { Ports } from '../lifecycle/ports.js';
import { createLog, type Log } from '../log/create-log.js';
import { createJetStreamStore } from '../store/jetstream-store.js';
import { openCluster } from './open-cluster.js';

/** A process' way to cluster, store and bus; opened at the first use, once. */
export interface Backend {
  readonly config: Config;
  readonly log: Log;
  readonly ports: () => Promise<Ports>;
}

/** Makes what exports; or leaves it to others. */
export type OpenExporter = (config: ExportConfig, log: Log) => Exporter | 'elsewhere';

export interface BackendOptions {
  /** For whoever exports; default: others do, where it is configured. */
  readonly openExporter?: OpenExporter;
  /** How long to wait for a NATS that does not answer yet, milliseconds; default: as connectNats says. */
  readonly waitMs?: number;
}

/** The one place where adapters are chosen. */
export function openPorts(name: string, options: BackendOptions = {}): Backend {
  const { openExporter = () => 'elsewhere', ...nats } = options;
  const config = loadConfig();
  const log = createLog(name, config.logLevel);
  let opened: Promise<Ports> | undefined;
  const open = async (): Promise<Ports> => {
    const { replicas } = config.nats;
    const connection = await connectNats({ ...config.nats, ...nats, name });
    return {
      cluster: await openCluster(config),
      store: createJetStreamStore(connection, { replicas }),
      bus: createJetStreamBus(connection, { replicas }),
      log,
      settings: config,
      ...(config.s3 === undefined ? {} : { exporter: openExporter(config.s3, log) }),
      now: () => new Date(),
    };
  };
  return {
    config,
    log,
    ports() {
      opened ??= open().catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      return opened;
    },
  };
}
