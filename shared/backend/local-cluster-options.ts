import type { LocalClusterOptions } from '../cluster/local/options.js';
import type { Config } from '../config/config.js';
import { parseQuantity } from '../inspection/quantity.js';

/** A build is still given to an inspection in the last moment of its cache time. */
const IMAGE_MARGIN_SECONDS = 3600;

/** The local cluster as it is configured: the same for those who ask it and for its agent. */
export function localClusterOptions(config: Config): LocalClusterOptions {
  const { engine, cpus, memory, network } = config.local;
  return {
    directory: config.directory,
    engine,
    cpus,
    memoryBytes: memory === undefined ? undefined : parseQuantity(memory),
    network,
    caBundlePath: config.operator.caBundle,
    environment: config.operator.environment,
    imageCacheSeconds: config.buildCacheSeconds + IMAGE_MARGIN_SECONDS,
  };
}
