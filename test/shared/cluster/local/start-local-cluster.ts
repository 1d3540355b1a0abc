import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  startAgent,
  type Agent,
  type AgentOptions,
} from '../../../../services/local-cluster/agent.js';
import { createLocalCluster } from '../../../../shared/cluster/local/create-local-cluster.js';
import { layoutOf } from '../../../../shared/cluster/local/layout.js';
import type { Cluster } from '../../../../shared/cluster/port.js';
import { createLog } from '../../../../shared/log/create-log.js';
import { ensureBusyboxBase } from '../../../base-image.js';
import type { TestCluster } from '../../../contract/cluster/test-cluster.js';
import { removeStackImages } from '../../../remove-stack-images.js';

const call = promisify(execFile);

/** A local cluster in a temporary directory, with an agent in this process. */
export interface StartedCluster extends TestCluster {
  readonly directory: string;
  readonly stack: string;
  readonly agent: Agent;
}

/** Starts a local cluster of its own; `stop` ends it and removes its containers and images. */
export async function startLocalCluster(
  options: Partial<AgentOptions> = {},
): Promise<StartedCluster> {
  const directory = await mkdtemp(path.join(tmpdir(), 'amun-local-'));
  const baseImage = await ensureBusyboxBase();
  const agent = await startAgent({ directory, log: createLog('test', 'silent'), ...options });
  const { stack } = layoutOf(directory);
  return {
    directory,
    stack,
    agent,
    baseImage,
    cluster: createLocalCluster({ directory }),
    async stop() {
      await agent.stop({ endAll: true });
      await removeStack(directory);
    },
  };
}

/** A cluster of which the agent runs elsewhere. */
export function clusterIn(directory: string): Cluster {
  return createLocalCluster({ directory });
}

/** Removes everything that a local cluster left: its containers, its images, its directory. */
export async function removeStack(directory: string): Promise<void> {
  const containers = await containersOf(directory);
  if (containers.length > 0) await podman('rm', '--force', '--time', '0', ...containers);
  await removeStackImages(directory);
  await rm(directory, { recursive: true, force: true });
}

/** The names of the stack's containers, running or not. */
export function containersOf(directory: string): Promise<string[]> {
  const filter = `label=amun.directory=${layoutOf(directory).stack}`;
  return podman('ps', '--all', '--filter', filter, '--format', '{{.Names}}');
}

/** Calls podman; the lines that it prints. */
export async function podman(...args: string[]): Promise<string[]> {
  const { stdout } = await call('podman', args);
  return stdout.split('\n').filter((line) => line !== '');
}
