/** The kinds of OpenShift's API that builds need, as a Kubernetes can serve them. */
const KINDS = [
  { group: 'build.openshift.io', kind: 'BuildConfig', plural: 'buildconfigs' },
  { group: 'build.openshift.io', kind: 'Build', plural: 'builds' },
  { group: 'image.openshift.io', kind: 'ImageStream', plural: 'imagestreams' },
];

/** Their definitions. None has a status subresource: a plain PATCH writes the status. */
export function openShiftCrds(): object[] {
  return KINDS.map(({ group, kind, plural }) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
          },
        },
      ],
    },
  }));
}
