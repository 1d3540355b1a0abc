import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { HOST_FOR_PODS } from '../shared/cluster/kubernetes/node-cluster.js';

const run = promisify(execFile);
/** Where a realkube's Services have their addresses, and the bridge of its pods. */
const SERVICES = '10.96.0.0/16';
const BRIDGE = 'realkube0';

const ROUTE = [SERVICES, 'dev', 'lo', 'src', HOST_FOR_PODS];
const RULE = ['iif', BRIDGE, 'to', SERVICES, 'unreachable'];

/**
 * Keeps what is meant for a cluster's Services on this machine. The cluster's rules send it to a pod;
 * where there are none for a moment, while a Service or its pods change, it would leave by the default
 * route, and whoever answers there would be taken for the Service.
 *
 * @returns puts it back
 */
export async function keepServicesInside(): Promise<() => Promise<void>> {
  const putBack = async (): Promise<void> => {
    await run('ip', ['rule', 'del', ...RULE]).catch(() => undefined);
    await run('ip', ['route', 'del', ...ROUTE]).catch(() => undefined);
  };
  // What a test left that was killed.
  await putBack();
  try {
    await run('ip', ['route', 'add', ...ROUTE]);
    await run('ip', ['rule', 'add', ...RULE]);
  } catch (error) {
    await putBack();
    throw error;
  }
  return putBack;
}
