import {
  find,
  pathOf,
  type BuildConfigThing,
  type BuildThing,
} from '../../../openshift/objects.js';
import { startRealkube, type Realkube } from '../../../realkube.js';
import { waitUntil } from '../../../wait-until.js';
import { NAMESPACE, openOpenShift, type OpenShiftCluster } from './openshift-cluster.js';

export const REGISTRY = 'registry.example.com:5000';
export const DIGEST = `sha256:${'ab'.repeat(32)}`;

type Annotations = Readonly<Record<string, string>>;

/** What becomes of a build's pod, in the words of simulated nodes. */
export const SUCCEEDS: Annotations = {
  'realkube/run-ms': '100',
  'realkube/termination-message': DIGEST,
};
export const RUNS: Annotations = { 'realkube/run-ms': 'forever' };

/** The garbage collector learns of new kinds every half minute. */
const GONE_MS = 100_000;

/** A pod that ends so, with these last words. */
export function fails(words: string): Annotations {
  return {
    'realkube/exit-code.docker-build': '1',
    'realkube/termination-message.docker-build': words,
    'realkube/run-ms': '100',
  };
}

/** The stand-in on a control plane and simulated nodes: builds end as a test says. */
export interface SimulatedCluster extends OpenShiftCluster {
  readonly realkube: Realkube;
  /** Says what becomes of the pods from now on, by the Build's number (from 1); the last one stays. */
  behave(...each: Annotations[]): void;
  /** Everything is as it should be again. */
  reset(): Promise<void>;
  /** How many Builds a BuildConfig has had; undefined: none. */
  versionOf(id: string): Promise<number | undefined>;
  /** Resolves once there is no such object: who removes one removes what belongs to it later. */
  waitUntilGone(kind: Parameters<typeof pathOf>[0], name: string): Promise<void>;
}

export async function startSimulatedCluster(): Promise<SimulatedCluster> {
  const realkube = await startRealkube({ fakeNodes: 1 });
  let behaviour: Annotations[] = [SUCCEEDS];
  const simulate = ({ metadata: { name } }: BuildThing): Annotations => {
    const number = Number(name.slice(name.lastIndexOf('-') + 1));
    return behaviour[number - 1] ?? behaviour.at(-1) ?? {};
  };
  try {
    const opened = await openOpenShift(realkube, { registry: REGISTRY, simulate });
    const { openshift } = opened;
    const { settings, controllers, api } = openshift;
    return {
      ...opened,
      realkube,
      behave: (...each) => (behaviour = each),
      async reset() {
        behaviour = [SUCCEEDS];
        Object.assign(settings, { isAway: false, forbidsDocker: false, registry: REGISTRY });
        controllers.isPaused = false;
        await openshift.makeBuilder();
      },
      async versionOf(id) {
        const path = pathOf('buildconfigs', NAMESPACE, id);
        return (await find<BuildConfigThing>(api, path))?.status?.lastVersion;
      },
      waitUntilGone: (kind, name) =>
        waitUntil(
          async () => (await find(api, pathOf(kind, NAMESPACE, name))) === undefined,
          GONE_MS,
        ),
      async stop() {
        await opened.stop();
        await realkube.stop();
      },
    };
  } catch (error) {
    await realkube.stop();
    throw error;
  }
}
