import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startAgent } from '../../../../services/local-cluster/agent.js';
import { createLocalCluster } from '../../../../shared/cluster/local/create-local-cluster.js';
import { layoutOf } from '../../../../shared/cluster/local/layout.js';
import { createLog } from '../../../../shared/log/create-log.js';
import { ensureBusyboxBase } from '../../../base-image.js';
import { describeCluster } from '../../../contract/cluster-contract.js';
import type { TestCluster } from '../../../contract/cluster/test-cluster.js';

const call = promisify(execFile);

/** podman is what is needed; docker is tested where its daemon answers. */
function hasDocker(): boolean {
  try {
    execFileSync('docker', ['version'], { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

async function startDockerCluster(): Promise<TestCluster> {
  const directory = await mkdtemp(path.join(tmpdir(), 'amun-docker-'));
  const baseImage = await ensureBusyboxBase();
  await call('sh', ['-c', `podman save ${baseImage} | docker load`]);
  const options = { directory, engine: 'docker', network: 'host' } as const;
  const agent = await startAgent({ ...options, log: createLog('test', 'silent') });
  return {
    baseImage,
    // BuildKit takes no limit from docker's command line.
    limitsBuildMemory: false,
    cluster: createLocalCluster(options),
    async stop() {
      await agent.stop({ endAll: true });
      const { stdout } = await call('docker', ['images', '--format', '{{.Repository}}:{{.Tag}}']);
      const prefix = `localhost/amun-${layoutOf(directory).stack}/`;
      const images = stdout.split('\n').filter((name) => name.startsWith(prefix));
      if (images.length > 0) await call('docker', ['rmi', '--force', ...images]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

if (hasDocker()) {
  describeCluster('local cluster with docker', startDockerCluster);
} else {
  process.stderr.write('No docker daemon answers: the local cluster is tested with podman only.\n');
  it.skip('needs a docker daemon', () => undefined);
}
