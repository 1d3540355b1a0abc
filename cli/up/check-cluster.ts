import { childEnvironment } from '../../shared/config/cli-config.js';
import { loadConfig } from '../../shared/config/config.js';
import { CliError } from '../cli-error.js';
import type { StackCluster } from './plan-stack.js';

/**
 * Looks at a cluster that is not this machine before anything is started, so that what is missing is
 * said once and at once. @returns what it is; undefined for this machine, which its agent looks at
 */
export async function checkCluster({ kind, settings }: StackCluster): Promise<string | undefined> {
  if (kind === 'local') return undefined;
  const config = loadConfig(childEnvironment({ ...settings, AMUN_CLUSTER: kind }));
  const { openCluster } = await import('../../shared/backend/open-cluster.js');
  const health = await (await openCluster(config)).check();
  if (health.ready) return health.description;
  throw new CliError(`${health.description} is not ready: ${health.problem ?? 'no reason given'}`);
}
