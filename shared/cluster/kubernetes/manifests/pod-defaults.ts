import type { V1LocalObjectReference, V1PodSpec } from '@kubernetes/client-node';

/** What holds for every pod of ours: it runs once, and knows nothing of the cluster. */
export function podDefaults(pullSecrets: readonly string[]): Partial<V1PodSpec> {
  return {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    ...(pullSecrets.length === 0 ? {} : { imagePullSecrets: pullSecrets.map(reference) }),
  };
}

function reference(name: string): V1LocalObjectReference {
  return { name };
}

/**
 * Text as it must stand in a container's command, arguments and variables, where Kubernetes replaces
 * `$(NAME)` and reads `$$` as one `$`.
 */
export function literally(text: string): string {
  return text.replaceAll('$', '$$$$');
}
