import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import type { ApiServer } from '../../../../shared/cluster/kubernetes/api/api-server.js';
import { connectApiServer } from '../../../../shared/cluster/kubernetes/api/connect-api-server.js';
import { createKubernetesCluster } from '../../../../shared/cluster/kubernetes/create-kubernetes-cluster.js';
import type { KubernetesOptions } from '../../../../shared/cluster/kubernetes/options.js';
import type { Cluster } from '../../../../shared/cluster/port.js';
import { ensureBusyboxBase } from '../../../base-image.js';
import { BUILDER_IMAGE, findBuilderImage } from '../../../builder-image.js';
import { requireRealkube, startRealkube, type Realkube } from '../../../realkube.js';
import { requireTools } from '../../../require-tools.js';

/** A Kubernetes with a real node and a registry, and the adapter for it. */
export interface NodeCluster {
  readonly realkube: Realkube;
  readonly api: ApiServer;
  readonly options: KubernetesOptions;
  readonly cluster: Cluster;
  /** "host:port" by which pods and nodes reach the registry. */
  readonly registry: string;
  /** The busybox base image, in that registry. */
  readonly baseImage: string;
  stop(): Promise<void>;
}

/** The address by which pods reach what listens on the machine's loopback interface. */
export const HOST_FOR_PODS = '10.123.255.1';

/** `describe` where all of that can be had; skipped with one line otherwise. */
export function requireNodeCluster(): jest.Describe {
  const describeCluster = requireRealkube({ node: true });
  if (describeCluster !== describe) return describeCluster;
  if (findBuilderImage() !== undefined) return requireTools(['podman', 'busybox']);
  process.stderr.write('no builder image (AMUN_TEST_BUILDER): builds on Kubernetes are skipped\n');
  return describe.skip;
}

/** Starts all of it; needs a realkube with a node, a builder image, podman and busybox. */
export async function startNodeCluster(): Promise<NodeCluster> {
  const builder = findBuilderImage();
  if (builder === undefined) throw new Error('There is no builder image; see findBuilderImage.');
  const realkube = await startRealkube({ node: true, proxy: true, registry: true });
  try {
    const port = realkube.registryPort!;
    await realkube.run('image', '--archive', builder);
    const registry = `${HOST_FOR_PODS}:${port}`;
    const name = await pushImage(await ensureBusyboxBase(), port, 'base/busybox');
    const options = optionsFor(registry);
    const environment = {
      kubeconfig: [realkube.kubeconfig],
      defaultKubeconfig: realkube.kubeconfig,
      service: undefined,
    };
    const api = await connectApiServer({ environment });
    const cluster = createKubernetesCluster(api, options);
    return {
      ...{ realkube, api, options, cluster, registry },
      baseImage: `${registry}/${name}`,
      async stop() {
        api.close();
        await realkube.stop();
      },
    };
  } catch (error) {
    await realkube.stop();
    throw error;
  }
}

/** How the adapter is set up for such a cluster. */
export function optionsFor(registry: string): KubernetesOptions {
  const anywhere = { nodeSelector: {}, tolerations: [], annotations: {} };
  return {
    namespace: 'default',
    builder: {
      image: BUILDER_IMAGE,
      repository: `${registry}/amun`,
      insecureRegistries: [registry],
    },
    builds: anywhere,
    runs: anywhere,
    pullSecrets: [],
    operator: { environment: {} },
    schedulingTimeoutSeconds: 0,
  };
}

/** Pushes an image of podman's; resolves to its name in the registry, by digest. */
export async function pushImage(image: string, port: number, name: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'amun-push-'));
  try {
    const digestFile = path.join(folder, 'digest');
    await writeFile(digestFile, '');
    const target = `127.0.0.1:${port}/${name}:1`;
    const options = ['--tls-verify=false', '--quiet', '--digestfile', digestFile];
    await execa('podman', ['push', ...options, image, target]);
    return `${name}@${(await readFile(digestFile, 'utf8')).trim()}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
