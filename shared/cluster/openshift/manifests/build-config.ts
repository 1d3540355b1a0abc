import { DOCKERFILE } from '../../../dockerfile/dockerfile-of.js';
import { AmunError } from '../../../errors/amun-error.js';
import { ownedBy } from '../../kubernetes/manifests/owner.js';
import { buildMemoryBytes } from '../../kubernetes/manifests/builder-memory.js';
import type { StoredBuild } from '../../kubernetes/manifests/stored-request.js';
import { labelsOf } from '../../kubernetes/names.js';
import { MOST_ATTEMPTS } from '../../kubernetes/observe/attempts.js';
import { imageStreamName, LABEL_OWNER } from '../names.js';
import { foldersOf } from './folder-maps.js';

/** What a BuildConfig is made of beside the request. */
export interface BuildConfigParts {
  readonly namespace: string;
  readonly ownerUid: string;
  /** Of the ConfigMap that owns it. */
  readonly data: Readonly<Record<string, string>>;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly pullSecret?: string;
}

/**
 * The BuildConfig of a build: OpenShift starts Build 1 of it by itself. OpenShift wants a Dockerfile
 * beside the ConfigMaps, and writes it anew, with variables and labels of its own, and an empty
 * ENTRYPOINT as `null`. The one that the ConfigMap holds is copied over that: it is as we wrote it.
 */
export function buildConfigManifest(build: StoredBuild, parts: BuildConfigParts): object {
  const { namespace, ownerUid, data, nodeSelector, pullSecret } = parts;
  const { id, requests, timeoutSeconds } = build;
  const dockerfile = data[DOCKERFILE];
  if (dockerfile === undefined || dockerfile === '') {
    throw new AmunError('InvalidRequest', `The context of build ${id} has no Dockerfile.`);
  }
  const memory = String(buildMemoryBytes(requests));
  return {
    apiVersion: 'build.openshift.io/v1',
    kind: 'BuildConfig',
    metadata: {
      name: id,
      namespace,
      labels: { ...labelsOf(build), [LABEL_OWNER]: ownerUid },
      ownerReferences: [ownedBy({ name: id, uid: ownerUid })],
    },
    spec: {
      triggers: [{ type: 'ConfigChange' }],
      runPolicy: 'Parallel',
      source: {
        type: 'Dockerfile',
        dockerfile,
        configMaps: [
          { configMap: { name: id } },
          ...foldersOf(build).map(({ name, path }) => ({
            configMap: { name },
            destinationDir: path,
          })),
        ],
      },
      strategy: {
        type: 'Docker',
        dockerStrategy: pullSecret === undefined ? {} : { pullSecret: { name: pullSecret } },
      },
      output: { to: { kind: 'ImageStreamTag', name: `${imageStreamName(id)}:latest` } },
      resources: { requests: { cpu: requests.cpu, memory }, limits: { memory } },
      ...(Object.keys(nodeSelector).length === 0 ? {} : { nodeSelector: { ...nodeSelector } }),
      completionDeadlineSeconds: timeoutSeconds,
      // They are read before they go: all belong to an owner that we remove.
      successfulBuildsHistoryLimit: MOST_ATTEMPTS,
      failedBuildsHistoryLimit: MOST_ATTEMPTS,
    },
  };
}

/**
 * Where the image of a build is kept. It belongs to nothing that is collected with the build: runs
 * pull from it for as long as the build may serve them.
 */
export function imageStreamManifest(namespace: string, build: StoredBuild): object {
  return {
    apiVersion: 'image.openshift.io/v1',
    kind: 'ImageStream',
    metadata: { name: imageStreamName(build.id), namespace, labels: labelsOf(build) },
    spec: { lookupPolicy: { local: false } },
  };
}
