import {
  latestBuild,
  observeBuild,
} from '../../../../../shared/cluster/openshift/observe/observe-build.js';
import {
  parseBuild,
  parseBuildPod,
} from '../../../../../shared/cluster/openshift/observe/parse-build.js';
import { parseOwner } from '../../../../../shared/cluster/kubernetes/observe/parse-owner.js';
import type { Viewpoint } from '../../../../../shared/cluster/kubernetes/observe/observe-owner.js';
import type { BuildObservation } from '../../../../../shared/inspection/observation.js';
import {
  BUILD,
  DIGEST,
  OWNER_UID,
  ownerObject,
  secondsAgo,
  viewpoint,
} from '../../kubernetes/objects.js';

type Fields = Readonly<Record<string, unknown>>;

export const IMAGE = `registry:5000/amun/${BUILD.id}@${DIGEST}`;
const OUTPUT = `registry:5000/amun/${BUILD.id}:latest`;

/** A Build of OpenShift's as its API server has it. */
export function buildObject(status: Fields, number = 1, ageSeconds = 40): Fields {
  const name = `${BUILD.id}-${number}`;
  return {
    metadata: {
      name,
      creationTimestamp: secondsAgo(ageSeconds),
      labels: {
        'app.kubernetes.io/managed-by': 'amun',
        'amun.io/kind': 'build',
        'amun.io/id': BUILD.id,
        'amun.io/owner': OWNER_UID,
        buildconfig: BUILD.id,
        'openshift.io/build-config.name': BUILD.id,
        'openshift.io/build.start-policy': 'Parallel',
      },
      annotations: {
        'openshift.io/build-config.name': BUILD.id,
        'openshift.io/build.number': String(number),
        ...(status['phase'] === 'New' ? {} : { 'openshift.io/build.pod-name': `${name}-build` }),
      },
    },
    spec: { completionDeadlineSeconds: 3600 },
    status: { output: {}, outputDockerImageReference: OUTPUT, ...status },
  };
}

/** The pod of a Build; nothing of ours is on it. */
export function buildPodObject(status: Fields, number = 1, ageSeconds = 30): Fields {
  const build = `${BUILD.id}-${number}`;
  return {
    metadata: {
      name: `${build}-build`,
      creationTimestamp: secondsAgo(ageSeconds),
      labels: { 'openshift.io/build.name': build },
      annotations: { 'openshift.io/build.name': build },
    },
    spec: { nodeName: 'node-1' },
    status,
  };
}

/** The container that builds, in one state. */
export function builder(state: Fields): Fields {
  return { containerStatuses: [{ name: 'docker-build', state }] };
}

/** What a build's objects are seen as. */
export function see(
  builds: readonly Fields[],
  pods: readonly Fields[] = [],
  owner: Parameters<typeof ownerObject>[1] = {},
  view: Partial<Viewpoint> = {},
): BuildObservation {
  const seenOwner = parseOwner(ownerObject(BUILD, owner))!;
  const build = latestBuild(
    seenOwner,
    builds.flatMap((object) => parseBuild(object) ?? []),
  );
  const seenPods = pods.flatMap((object) => parseBuildPod(object) ?? []);
  const pod = seenPods.find(({ buildName }) => buildName === build?.name)?.pod;
  return observeBuild(seenOwner, build, pod, viewpoint(view));
}
