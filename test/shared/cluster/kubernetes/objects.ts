import type { ClusterRef } from '../../../../shared/cluster/port.js';
import type { Viewpoint } from '../../../../shared/cluster/kubernetes/observe/observe-owner.js';

/** The moment of observation in tests of pure functions. */
export const NOW = Date.parse('2026-01-01T12:00:00Z');
export const DIGEST = `sha256:${'ab'.repeat(32)}`;
export const BUILD: ClusterRef = { kind: 'build', id: `build-${'0'.repeat(32)}-1` };
export const JOB: ClusterRef = { kind: 'job', id: 'inspection-0123456789abcdef' };
export const OWNER_UID = '11111111-2222-3333-4444-555555555555';

/** So many seconds before the moment of observation, as Kubernetes writes times. */
export function secondsAgo(seconds: number): string {
  return new Date(NOW - seconds * 1000).toISOString().replace('.000Z', 'Z');
}

type Fields = Readonly<Record<string, unknown>>;

interface OwnerFields {
  readonly items?: number;
  readonly ageSeconds?: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly metadata?: Fields;
}

/** An owner as the API server has it. */
export function ownerObject(ref: ClusterRef, fields: OwnerFields = {}): Fields {
  const { items = 1, ageSeconds = 60, annotations = {}, metadata = {} } = fields;
  return {
    metadata: {
      name: ref.id,
      uid: OWNER_UID,
      creationTimestamp: secondsAgo(ageSeconds),
      labels: labels(ref),
      annotations: {
        'amun.io/requests': JSON.stringify({ cpu: '1', memory: '64Mi', hardware: {} }),
        ...(ref.kind === 'job' ? { 'amun.io/batch-size': String(items) } : {}),
        ...annotations,
      },
      ...metadata,
    },
  };
}

interface PodFields {
  readonly item?: number;
  readonly attempt?: number;
  readonly ageSeconds?: number;
  /** '' for a pod that has no node. */
  readonly node?: string;
  readonly metadata?: Fields;
}

/** A pod of an owner as the API server has it. */
export function podObject(ref: ClusterRef, status: Fields, fields: PodFields = {}): Fields {
  const { item = 0, attempt = 0, ageSeconds = 30, node = 'node-1', metadata = {} } = fields;
  const suffix = ref.kind === 'build' ? `${attempt}` : `${item}-${attempt}`;
  return {
    metadata: {
      name: `${ref.id}-${suffix}`,
      creationTimestamp: secondsAgo(ageSeconds),
      labels: {
        ...labels(ref),
        'amun.io/item': String(item),
        'amun.io/attempt': String(attempt),
      },
      ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: ref.id, uid: OWNER_UID }],
      ...metadata,
    },
    spec: node === '' ? {} : { nodeName: node },
    status,
  };
}

function labels({ kind, id }: ClusterRef): Record<string, string> {
  return { 'app.kubernetes.io/managed-by': 'amun', 'amun.io/kind': kind, 'amun.io/id': id };
}

/** Looks at the moment of observation, with ten minutes of patience and none for nodes. */
export function viewpoint(fields: Partial<Viewpoint> = {}): Viewpoint {
  return {
    now: NOW,
    patienceMs: 600_000,
    schedulingMs: 0,
    unschedulable: undefined,
    imageOf: (digest) => `registry.example.com/amun@${digest}`,
    ...fields,
  };
}

export function terminated(exitCode: number, reason: string, more: Fields = {}): Fields {
  const times = { startedAt: secondsAgo(20), finishedAt: secondsAgo(5) };
  return { terminated: { exitCode, reason, ...times, containerID: 'containerd://1', ...more } };
}

export function running(): Fields {
  return { running: { startedAt: secondsAgo(20) } };
}

export function waiting(reason: string, message?: string): Fields {
  return { waiting: { reason, ...(message === undefined ? {} : { message }) } };
}

/** The container that counts, in one state. */
export function main(state: Fields): Fields {
  return { containerStatuses: [{ name: 'main', state, lastState: {}, restartCount: 0 }] };
}

export function init(state: Fields): Fields {
  return { initContainerStatuses: [{ name: 'hwinfo', state, lastState: {}, restartCount: 0 }] };
}

/** The condition by which Kubernetes says that it, and not the pod, ends it. */
export function disruption(reason: string, message: string): Fields {
  return condition('DisruptionTarget', 'True', reason, message);
}

export function condition(type: string, status: string, reason: string, message: string): Fields {
  const lastTransitionTime = secondsAgo(10);
  return { conditions: [{ type, status, reason, message, lastTransitionTime }] };
}

/** What a pod says at its deadline. */
export const DEADLINE = {
  phase: 'Failed',
  reason: 'DeadlineExceeded',
  message: 'Pod was active on the node longer than the specified deadline',
};

/** What the kubelet makes up for a container of which it knows nothing. */
export const UNKNOWN_END = terminated(137, 'ContainerStatusUnknown', {
  message: 'The container could not be located when the pod was terminated',
  startedAt: null,
  finishedAt: null,
});
