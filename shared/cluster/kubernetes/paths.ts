/** Paths of the objects that Amun works with, in its namespace. */
export function configMapsPath(namespace: string, name?: string): string {
  return objectPath(namespace, 'configmaps', name);
}

export function podsPath(namespace: string, name?: string): string {
  return objectPath(namespace, 'pods', name);
}

function objectPath(namespace: string, kind: string, name: string | undefined): string {
  const folder = `/api/v1/namespaces/${encodeURIComponent(namespace)}/${kind}`;
  return name === undefined ? folder : `${folder}/${encodeURIComponent(name)}`;
}
