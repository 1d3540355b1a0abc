/** The kinds of Kueue's API that Amun reads, in a form that every Kubernetes serves. */
export function kueueCrds(): object[] {
  return ['LocalQueue', 'Workload'].map((kind) => {
    const plural = `${kind.toLowerCase()}s`;
    const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    return {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.kueue.x-k8s.io` },
      spec: {
        group: 'kueue.x-k8s.io',
        scope: 'Namespaced',
        names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
        versions: [
          { name: 'v1beta2', served: true, storage: true, schema: { openAPIV3Schema: schema } },
        ],
      },
    };
  });
}
