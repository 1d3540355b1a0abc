import { AmunError } from '../../errors/amun-error.js';
import type { ClusterRef } from '../port.js';

export const LABEL_MANAGED_BY = 'app.kubernetes.io/managed-by';
export const LABEL_KIND = 'amun.io/kind';
export const LABEL_ID = 'amun.io/id';
export const LABEL_ITEM = 'amun.io/item';
export const LABEL_ATTEMPT = 'amun.io/attempt';

/** Number of runs; on a job's owner and its pods. */
export const ANNOTATION_BATCH_SIZE = 'amun.io/batch-size';
/** What is asked of the nodes, as JSON; on every owner. */
export const ANNOTATION_REQUESTS = 'amun.io/requests';
/** On an owner whose pods are to end. */
export const ANNOTATION_CANCELLED = 'amun.io/cancelled';
/** `<reason>: <message>` on an owner that never gets pods. */
export const ANNOTATION_REFUSED = 'amun.io/refused';
/** Attempts made so far, by item: {"0": 2}; on an owner, from the second attempt on. */
export const ANNOTATION_ATTEMPTS = 'amun.io/attempts';
/** Those of the attempts that do not count, since Kueue took the pod away, by item; on an owner. */
export const ANNOTATION_PREEMPTIONS = 'amun.io/preemptions';
/** Kueue's queue that the pods wait in; on an owner. */
export const ANNOTATION_QUEUE = 'amun.io/queue';
/** Why the cluster has no room for pods now that it may have room for later; on an owner. */
export const ANNOTATION_HELD = 'amun.io/held';

/** On what belongs to no build or job: many of them use it. */
export const COMMON_LABELS = { [LABEL_MANAGED_BY]: 'amun', [LABEL_KIND]: 'common' };

/** Selects everything that Amun made. */
export const OURS = `${LABEL_MANAGED_BY}=amun`;

/** The container that builds, or runs the script. */
export const MAIN_CONTAINER = 'main';
export const HWINFO_CONTAINER = 'hwinfo';

const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** True for what can be the name of an object and the value of a label. */
export function isId(id: string): boolean {
  return DNS_LABEL.test(id);
}

/** Throws InvalidRequest for what cannot. */
export function requireId(id: string): void {
  if (isId(id)) return;
  throw new AmunError(
    'InvalidRequest',
    `"${id}" cannot name an object; use lower-case letters, digits and -.`,
  );
}

/** The labels of the owner of a build or job. */
export function labelsOf(ref: ClusterRef): Record<string, string> {
  return { [LABEL_MANAGED_BY]: 'amun', [LABEL_KIND]: ref.kind, [LABEL_ID]: ref.id };
}

/** The labels of one of its pods. A build's pod is item 0. */
export function podLabelsOf(
  ref: ClusterRef,
  item: number,
  attempt: number,
): Record<string, string> {
  return { ...labelsOf(ref), [LABEL_ITEM]: String(item), [LABEL_ATTEMPT]: String(attempt) };
}

/** The name of a pod: a repeated create of the same attempt finds it there. Attempts count from 0. */
export function podName(ref: ClusterRef, item: number, attempt: number): string {
  return ref.kind === 'build' ? `${ref.id}-${attempt}` : `${ref.id}-${item}-${attempt}`;
}

/** Selects the pods of one build or job. */
export function podsOf(ref: ClusterRef): string {
  return `${OURS},${LABEL_KIND}=${ref.kind},${LABEL_ID}=${ref.id}`;
}
