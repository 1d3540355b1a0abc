import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiServer } from '../../shared/cluster/kubernetes/api/api-server.js';
import { connectApiServer } from '../../shared/cluster/kubernetes/api/connect-api-server.js';
import { HWINFO_CONTAINER } from '../../shared/cluster/kubernetes/names.js';
import { findRealkube, startRealkube } from '../../test/realkube.js';

/** What simulated nodes take: to start a pod, for hwinfo, and for a build or a script. */
const START_MS = 50;
const HWINFO_MS = 100;
const RUN_MS = 1000;

/** How long the two pods of an inspection keep their nodes, the second after the first. */
export const SIMULATED_MS = 2 * (START_MS + RUN_MS) + HWINFO_MS;

/** A Kubernetes of real components whose nodes only say that pods run. */
export interface SimulatedCluster {
  readonly api: ApiServer;
  /** Variables for a stack that works with it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Writes that the API server has taken so far, by anybody; events and leases left out. */
  countWrites(): Promise<number>;
  /** Resolves once there are no pods. */
  podsGone(): Promise<void>;
  /** Resolves once so many pods run. */
  podsRunning(count: number): Promise<void>;
  close(): Promise<void>;
}

/** True where one can be had. */
export function hasSimulatedCluster(): boolean {
  return findRealkube() !== undefined;
}

/** Annotations by which a simulated node knows how long a pod runs, and a build's last word. */
function annotations(runs: string): Record<string, string> {
  return {
    'realkube/start-ms': String(START_MS),
    [`realkube/run-ms.${HWINFO_CONTAINER}`]: String(HWINFO_MS),
    'realkube/run-ms': runs,
    'realkube/termination-message': `sha256:${'0'.repeat(64)}`,
  };
}

/** What is simulated. */
export interface SimulatedOptions {
  /** Default: 5. */
  readonly nodes?: number;
  /** How long a build or a script takes, milliseconds, or "forever". Default: a second. */
  readonly runs?: string;
}

/** Starts one. */
export async function startSimulatedCluster({
  nodes = 5,
  runs = String(RUN_MS),
}: SimulatedOptions = {}): Promise<SimulatedCluster> {
  const realkube = await startRealkube({ fakeNodes: nodes });
  const { kubeconfig } = realkube;
  const api = await connectApiServer({
    environment: { kubeconfig: [kubeconfig], defaultKubeconfig: kubeconfig, service: undefined },
  });
  const pairs = Object.entries(annotations(runs))
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
  return {
    api,
    environment: {
      KUBECONFIG: kubeconfig,
      AMUN_CLUSTER: 'kubernetes',
      AMUN_REGISTRY: 'registry.invalid/amun',
      AMUN_BUILD_ANNOTATIONS: pairs,
      AMUN_RUN_ANNOTATIONS: pairs,
    },
    async countWrites() {
      return sumWrites(await realkube.kubectl(['get', '--raw', '/metrics']));
    },
    async podsGone() {
      while ((await realkube.kubectl(['get', 'pods', '--output=name'])) !== '') await sleep(500);
    },
    async podsRunning(count) {
      const query = ['get', 'pods', '--output=name', '--field-selector=status.phase=Running'];
      while ((await realkube.kubectl(query)).trim().split('\n').length < count) await sleep(2000);
    },
    async close() {
      api.close();
      await realkube.stop();
    },
  };
}

const WRITE = /^apiserver_request_total\{.*\bverb="(?:POST|PUT|PATCH|DELETE|APPLY)".*\} (\S+)$/;
const LEFT_OUT = /\bresource="(?:events|leases|tokenreviews|subjectaccessreviews)"|code="[45]/;

function sumWrites(metrics: string): number {
  return metrics
    .split('\n')
    .filter((line) => !LEFT_OUT.test(line))
    .reduce((sum, line) => sum + Number(WRITE.exec(line)?.[1] ?? 0), 0);
}
