import type {
  V1Container,
  V1Pod,
  V1ResourceRequirements,
  V1Volume,
  V1VolumeMount,
} from '@kubernetes/client-node';
import { BUNDLE_IN_RUN, operatorEnvironment } from '../../../run/operator-environment.js';
import {
  ANNOTATION_BATCH_SIZE,
  HWINFO_CONTAINER,
  MAIN_CONTAINER,
  podLabelsOf,
  podName,
} from '../names.js';
import type { RunOptions } from '../options.js';
import { COMMON_KEY } from './common-file.js';
import { ownedBy } from './owner.js';
import { placementSpec } from './placement.js';
import { literally, podDefaults } from './pod-defaults.js';
import { queuePod } from './queue-pod.js';
import { requestVolume } from './request-volume.js';
import type { StoredJob } from './stored-request.js';

const HOME = '/home/amun';
const USER = 1042;
const FILES_VOLUME = 'files';
const HWINFO_VOLUME = 'hwinfo';
const BUNDLE_FILE = 'ca.pem';
/** From the signal to stop until the kill; the entrypoint itself takes 5 s at most. */
const GRACE_SECONDS = 15;
/** In memory, so that writing more fails; on disk it would have the node evict the pod. */
const HWINFO_FOLDER = { medium: 'Memory', sizeLimit: '1Mi' };

/**
 * The pod of one run: hwinfo as an init container, the script as the only container. It may do
 * nothing to the node and knows nothing of the cluster: the profile "restricted" of the Pod Security
 * Standards admits it.
 */
export function runPod(
  options: RunOptions,
  job: StoredJob,
  ownerUid: string,
  item: number,
  attempt: number,
): V1Pod {
  const { namespace, runs, pullSecrets } = options;
  return queuePod(runs.queue, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podName(job, item, attempt),
      namespace,
      labels: podLabelsOf(job, item, attempt),
      annotations: { ...runs.annotations, [ANNOTATION_BATCH_SIZE]: String(job.batchSize) },
      ownerReferences: [ownedBy({ name: job.id, uid: ownerUid })],
    },
    spec: {
      ...podDefaults(pullSecrets),
      ...placementSpec(runs, job.requests.hardware),
      // The same in every attempt.
      hostname: `${job.id}-${item}`,
      activeDeadlineSeconds: job.timeoutSeconds,
      terminationGracePeriodSeconds: GRACE_SECONDS,
      securityContext: {
        runAsUser: USER,
        runAsGroup: 0,
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      volumes: volumes(job),
      ...(job.init.length === 0 ? {} : { initContainers: [initContainer(options, job)] }),
      containers: [mainContainer(options, job)],
    },
  });
}

function mainContainer(options: RunOptions, job: StoredJob): V1Container {
  return {
    ...container(options, job, MAIN_CONTAINER, job.command),
    // Where a container ends before its first line, its last words are all there is.
    terminationMessagePolicy: 'FallbackToLogsOnError',
  };
}

/** Whatever becomes of it, the script runs. */
function initContainer(options: RunOptions, job: StoredJob): V1Container {
  const command = ['/bin/sh', '-c', '"$@"; exit 0', 'sh', ...job.init];
  return container(options, job, HWINFO_CONTAINER, command);
}

function container(
  { operator }: RunOptions,
  job: StoredJob,
  name: string,
  command: readonly string[],
): V1Container {
  const given = operatorEnvironment(operator.environment, job.bundle !== undefined);
  const own = job.environment.map((variable) => [variable.name, variable.value] as const);
  const environment = Object.entries({ HOME, ...given, ...Object.fromEntries(own) });
  return {
    name,
    image: job.image,
    // By digest: what the node has is what was built.
    imagePullPolicy: 'IfNotPresent',
    command: command.map(literally),
    workingDir: HOME,
    env: environment.map(([key, value]) => ({ name: key, value: literally(value) })),
    resources: resources(job),
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: mounts(job),
  };
}

/** Requests are limits too: a run is to measure the same beside any neighbour. */
function resources({ requests }: StoredJob): V1ResourceRequirements {
  const { cpu, memory, hardware } = requests;
  const gpu = hardware.gpu ?? 0;
  const asked = { cpu, memory, ...(gpu === 0 ? {} : { 'nvidia.com/gpu': String(gpu) }) };
  return { requests: asked, limits: asked };
}

function volumes(job: StoredJob): V1Volume[] {
  const files = job.files.map((file, index) => ({ ...file, path: fileName(index) }));
  const bundle =
    job.bundle === undefined
      ? []
      : [{ key: COMMON_KEY, path: BUNDLE_FILE, mode: 0o444, map: job.bundle }];
  return [
    { name: HWINFO_VOLUME, emptyDir: HWINFO_FOLDER },
    requestVolume(FILES_VOLUME, job, [...files, ...bundle]),
  ];
}

function mounts(job: StoredJob): V1VolumeMount[] {
  const files = job.files.map(({ path }, index) => fileMount(fileName(index), path));
  const bundle = job.bundle === undefined ? [] : [fileMount(BUNDLE_FILE, BUNDLE_IN_RUN)];
  return [{ name: HWINFO_VOLUME, mountPath: `${HOME}/hwinfo` }, ...files, ...bundle];
}

function fileMount(name: string, mountPath: string): V1VolumeMount {
  return { name: FILES_VOLUME, mountPath, subPath: name, readOnly: true };
}

/** In the volume, where files lie side by side. */
function fileName(index: number): string {
  return `file-${index}`;
}
