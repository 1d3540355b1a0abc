/** Paths of the objects that Amun works with, in its namespace. */
export function configMapsPath(namespace: string, name?: string): string {
  return objectPath(namespace, 'configmaps', name);
}

export function podsPath(namespace: string, name?: string): string {
  return objectPath(namespace, 'pods', name);
}

/** The namespace itself. */
export function namespacePath(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
}

function objectPath(namespace: string, kind: string, name: string | undefined): string {
  const folder = `${namespacePath(namespace)}/${kind}`;
  return name === undefined ? folder : `${folder}/${encodeURIComponent(name)}`;
}
