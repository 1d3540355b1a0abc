import { createHash } from 'node:crypto';
import { isId } from '../kubernetes/names.js';
import type { ClusterRef } from '../port.js';

/**
 * On a BuildConfig: the uid of the ConfigMap that it belongs to. OpenShift gives its Builds the same
 * labels, so that those of an earlier owner of this name are told from its own.
 */
export const LABEL_OWNER = 'amun.io/owner';

/** On the pods of builds, as a label and, whole, as an annotation; nothing of ours is there. */
export const POD_BUILD_NAME = 'openshift.io/build.name';
/** On a Build that has a pod. */
export const BUILD_POD_NAME = 'openshift.io/build.pod-name';
/** The container that builds and pushes. */
export const BUILD_CONTAINER = 'docker-build';

/** What OpenShift takes for the name of an ImageStream: "a--b", though a DNS label, is none. */
const STREAM_NAME = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
const BUILD_NAME = /^(.+)-([1-9][0-9]{0,8})$/;

/** The ImageStream that the image of a build is pushed to. */
export function imageStreamName(id: string): string {
  if (STREAM_NAME.test(id)) return id;
  return `amun-${createHash('sha256').update(id).digest('hex').slice(0, 32)}`;
}

/** The ConfigMap with what a build's context has in its nth folder, from 0. */
export function folderName(id: string, index: number): string {
  return `${id}-folder-${index}`;
}

/** The BuildConfig and the number that a Build's name is made of. */
export function splitBuildName(
  name: string,
): { readonly config: string; readonly number: number } | undefined {
  const [, config, number] = BUILD_NAME.exec(name) ?? [];
  return config === undefined ? undefined : { config, number: Number(number) };
}

/** The build that a Build of this name carries out, if it is one of ours. */
export function refOfBuildName(name: string): ClusterRef | undefined {
  const config = splitBuildName(name)?.config;
  return config === undefined || !isId(config) ? undefined : { kind: 'build', id: config };
}
