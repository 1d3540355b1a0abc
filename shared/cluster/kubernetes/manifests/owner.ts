import type { V1ConfigMap, V1OwnerReference } from '@kubernetes/client-node';
import type { Reason } from '../../../inspection/reason.js';
import {
  ANNOTATION_BATCH_SIZE,
  ANNOTATION_QUEUE,
  ANNOTATION_REFUSED,
  ANNOTATION_REQUESTS,
  labelsOf,
} from '../names.js';
import type { PackedRequest } from './stored-request.js';

/** Why a request is answered without any pod. */
export interface Refusal {
  readonly reason: Reason;
  readonly message: string;
}

/**
 * The one object that a build or job is: a ConfigMap with its request and its files. Its pods belong
 * to it, so that removing it removes everything. Nothing in it changes once it is made, which spares
 * the nodes from watching it.
 */
export function ownerManifest(
  namespace: string,
  { stored, data, queue }: PackedRequest,
  refusal?: Refusal,
): V1ConfigMap {
  const annotations = {
    [ANNOTATION_REQUESTS]: JSON.stringify(stored.requests),
    ...(stored.kind === 'job' ? { [ANNOTATION_BATCH_SIZE]: String(stored.batchSize) } : {}),
    ...(queue === undefined ? {} : { [ANNOTATION_QUEUE]: queue }),
    ...(refusal === undefined
      ? {}
      : { [ANNOTATION_REFUSED]: `${refusal.reason}: ${refusal.message}` }),
  };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: stored.id, namespace, labels: labelsOf(stored), annotations },
    immutable: true,
    data: { ...data },
  };
}

/** What makes a pod belong to its owner. */
export function ownedBy(owner: { readonly name: string; readonly uid: string }): V1OwnerReference {
  return { apiVersion: 'v1', kind: 'ConfigMap', name: owner.name, uid: owner.uid };
}
