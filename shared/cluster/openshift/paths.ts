/** What OpenShift's API serves of builds; a Kubernetes without it answers NotFound. */
export const BUILD_API = '/apis/build.openshift.io/v1';
const IMAGE_API = '/apis/image.openshift.io/v1';

export function buildConfigsPath(namespace: string, name?: string): string {
  return objectPath(BUILD_API, namespace, 'buildconfigs', name);
}

export function buildsPath(namespace: string, name?: string): string {
  return objectPath(BUILD_API, namespace, 'builds', name);
}

export function imageStreamsPath(namespace: string, name?: string): string {
  return objectPath(IMAGE_API, namespace, 'imagestreams', name);
}

function objectPath(api: string, namespace: string, kind: string, name?: string): string {
  const folder = `${api}/namespaces/${encodeURIComponent(namespace)}/${kind}`;
  return name === undefined ? folder : `${folder}/${encodeURIComponent(name)}`;
}
