import type {
  V1Container,
  V1EnvVar,
  V1Pod,
  V1ResourceRequirements,
  V1Volume,
} from '@kubernetes/client-node';
import { inBothSpellings } from '../../../run/operator-environment.js';
import { MAIN_CONTAINER, podLabelsOf, podName } from '../names.js';
import type { KubernetesOptions } from '../options.js';
import { buildCommand, CONTEXT_FOLDER } from './build-command.js';
import { buildMemoryBytes } from './builder-memory.js';
import { COMMON_KEY } from './common-file.js';
import { ownedBy } from './owner.js';
import { placementSpec } from './placement.js';
import { literally, podDefaults } from './pod-defaults.js';
import { queuePod } from './queue-pod.js';
import { requestVolume } from './request-volume.js';
import { REGISTRIES_KEY, type StoredBuild } from './stored-request.js';

/** The user of BuildKit's rootless image. */
const USER = 1000;
/** BuildKit cannot end a step that is cancelled, and waits for it; its script gives up after 5 s. */
const GRACE_SECONDS = 15;
const SETTINGS_FOLDER = '/etc/amun';
const BUNDLE_FILE = 'ca.pem';

/**
 * The pod of a build: rootless BuildKit, which pushes what it built. It needs more than runs do (user
 * namespaces, so no seccomp profile and two capabilities), and no more than that.
 */
export function buildPod(
  options: KubernetesOptions,
  build: StoredBuild,
  ownerUid: string,
  attempt: number,
): V1Pod {
  const { namespace, builds, pullSecrets } = options;
  return queuePod(builds.queue, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podName(build, 0, attempt),
      namespace,
      labels: podLabelsOf(build, 0, attempt),
      annotations: { ...builds.annotations },
      ownerReferences: [ownedBy({ name: build.id, uid: ownerUid })],
    },
    spec: {
      ...podDefaults(pullSecrets),
      ...placementSpec(builds, build.requests.hardware),
      activeDeadlineSeconds: build.timeoutSeconds,
      terminationGracePeriodSeconds: GRACE_SECONDS,
      securityContext: {
        runAsUser: USER,
        runAsGroup: USER,
        runAsNonRoot: true,
        seccompProfile: { type: 'Unconfined' },
        appArmorProfile: { type: 'Unconfined' },
      },
      volumes: volumes(options, build),
      containers: [container(options, build)],
    },
  });
}

function container(options: KubernetesOptions, build: StoredBuild): V1Container {
  const { builder } = options;
  return {
    name: MAIN_CONTAINER,
    image: builder.image,
    imagePullPolicy: 'IfNotPresent',
    command: buildCommand(builder, build).map(literally),
    env: variables(options, build),
    resources: resources(build),
    // What the build says last tells why it failed.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    securityContext: {
      allowPrivilegeEscalation: true,
      capabilities: { drop: ['ALL'], add: ['SETUID', 'SETGID'] },
    },
    volumeMounts: [
      { name: 'context', mountPath: CONTEXT_FOLDER, readOnly: true },
      { name: 'settings', mountPath: SETTINGS_FOLDER, readOnly: true },
      // On the container's own file system BuildKit would have to copy every layer.
      { name: 'buildkit', mountPath: '/home/user/.local/share/buildkit' },
      ...(builder.registrySecret === undefined
        ? []
        : [{ name: 'registry', mountPath: '/home/user/.docker', readOnly: true }]),
    ],
  };
}

/** A build may use more processors than it asks for where they are idle. */
function resources({ requests }: StoredBuild): V1ResourceRequirements {
  const { cpu, hardware } = requests;
  const count = hardware.gpu ?? 0;
  const gpus = count === 0 ? {} : { 'nvidia.com/gpu': String(count) };
  const limits = { memory: String(buildMemoryBytes(requests)), ...gpus };
  return { requests: { cpu, ...limits }, limits };
}

/** For BuildKit itself, which pulls and pushes; the steps of a build read files of the context. */
function variables({ operator }: KubernetesOptions, build: StoredBuild): V1EnvVar[] {
  const proxies = inBothSpellings(operator.environment).filter(([name]) => /_proxy$/i.test(name));
  const settings: (readonly [string, string])[] = [
    [
      'BUILDKITD_FLAGS',
      // A pod's /proc is partly masked, so no new one can be mounted for a step.
      `--oci-worker-no-process-sandbox --config=${SETTINGS_FOLDER}/${REGISTRIES_KEY}`,
    ],
    ...proxies,
  ];
  if (build.bundle !== undefined)
    settings.push(['SSL_CERT_FILE', `${SETTINGS_FOLDER}/${BUNDLE_FILE}`]);
  return settings.map(([name, value]) => ({ name, value: literally(value) }));
}

function volumes({ builder }: KubernetesOptions, build: StoredBuild): V1Volume[] {
  const settings = [
    { key: REGISTRIES_KEY, path: REGISTRIES_KEY },
    ...(build.bundle === undefined
      ? []
      : [{ key: COMMON_KEY, path: BUNDLE_FILE, map: build.bundle }]),
  ];
  const secret = builder.registrySecret;
  return [
    requestVolume('context', build, build.files),
    requestVolume('settings', build, settings),
    { name: 'buildkit', emptyDir: {} },
    ...(secret === undefined
      ? []
      : [
          {
            name: 'registry',
            secret: {
              secretName: secret,
              items: [{ key: '.dockerconfigjson', path: 'config.json' }],
            },
          },
        ]),
  ];
}
