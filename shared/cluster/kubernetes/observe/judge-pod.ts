import { describeGates, type GatesSeen } from './parse-gates.js';
import type { ContainerSeen, PodState } from './parse-pod.js';

/** What a pod says of the build or run that it carries, before anybody knows which of both. */
export type PodVerdict =
  | {
      readonly kind: 'waiting';
      readonly why?: string;
      readonly obstacle?: Obstacle;
      /** Kueue's queue, where that is what it waits for. */
      readonly queue?: string;
    }
  | { readonly kind: 'running'; readonly startedAt?: string }
  /** Its container has ended by itself, or at its deadline. */
  | {
      readonly kind: 'ended';
      readonly exitCode?: number;
      readonly cause: EndCause;
      readonly message?: string;
      readonly startedAt?: string;
      readonly finishedAt?: string;
    }
  /** Taken from it by the cluster: no failure of its own. */
  | { readonly kind: 'disrupted'; readonly message: string };

export type EndCause = 'exit' | 'memory' | 'deadline' | 'not-started';

/** What a waiting pod will hardly get over without help. */
export interface Obstacle {
  readonly kind: 'image' | 'container' | 'node';
  /** True where waiting changes nothing. */
  readonly isFinal: boolean;
}

/** Reasons of a failed pod by which the cluster says that it was its own doing. */
const DEADLINE = 'DeadlineExceeded';
/** The kubelet cannot say how it ended: the node was away. */
export const UNKNOWN_END = 'ContainerStatusUnknown';
const NEVER_STARTED = /^(?:StartError|ContainerCannotRun)$/;
const IMAGE_TROUBLE =
  /^(?:ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|ImageInspectError|RegistryUnavailable|SignatureValidationFailed)$/;
const CONTAINER_TROUBLE =
  /^(?:CreateContainerConfigError|CreateContainerError|RunContainerError|CreatePodSandboxError)$/;
const IMAGE_IS_NOT_THERE =
  /not found|manifest unknown|does not exist|no such image|InvalidImageName|ErrImageNeverPull/i;
/** What a node that does not answer is given until its pods count as gone. */
const LEAVING_MARGIN_MS = 30_000;

/** Judges a pod by its own status alone; `now` in milliseconds. */
export function judgePod(pod: PodState, now: number): PodVerdict {
  const { main } = pod;
  if (main?.state === 'terminated') return judgeEnd(pod, main);
  const isOver = pod.phase === 'Failed' || pod.phase === 'Succeeded';
  if (isOver && pod.reason === DEADLINE) {
    // The kubelet says so before it ends the container, whose last words are still to come.
    if (main?.state === 'running') return running(pod);
    return { kind: 'ended', cause: 'deadline', ...messageOf(pod) };
  }
  if (isOver && pod.init?.state === 'terminated' && pod.init.exitCode !== 0) {
    return judgeInit(pod, pod.init);
  }
  if (isOver || isLostForGood(pod, now)) return disrupted(pod);
  if (pod.gated !== undefined) return judgeGated(pod, pod.gated);
  if (main?.state === 'running') return running(pod);
  const trouble = judgeTrouble(pod);
  if (trouble !== undefined) return trouble;
  if (pod.init?.state === 'running' || pod.init?.state === 'terminated') return running(pod);
  if (pod.unscheduled !== undefined) {
    return { kind: 'waiting', why: pod.unscheduled, obstacle: { kind: 'node', isFinal: false } };
  }
  return { kind: 'waiting' };
}

/** Where the container before it failed, the one that counts never ran. */
function judgeInit(pod: PodState, init: ContainerSeen): PodVerdict {
  const end = judgeEnd(pod, init);
  if (end.kind !== 'ended' || end.cause !== 'exit') return end;
  const words = end.message ?? `its init container ended with exit code ${end.exitCode ?? '?'}`;
  return { ...end, cause: 'not-started', message: words };
}

function judgeEnd(pod: PodState, container: ContainerSeen): PodVerdict {
  const { exitCode, reason, message, startedAt, finishedAt } = container;
  const isDeadline = pod.reason === DEADLINE;
  if (reason === UNKNOWN_END) {
    // Of a container that never began the kubelet says so too; exit code and times are made up.
    return isDeadline ? { kind: 'ended', cause: 'deadline', ...messageOf(pod) } : disrupted(pod);
  }
  const isGood = exitCode === 0;
  if (!isGood && !isDeadline && isDisrupted(pod)) return disrupted(pod);
  return {
    kind: 'ended',
    cause: isDeadline ? 'deadline' : causeOf(reason, isGood),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(message === undefined ? {} : { message }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
}

function causeOf(reason: string | undefined, isGood: boolean): EndCause {
  if (isGood || reason === undefined) return 'exit';
  if (reason === 'OOMKilled') return 'memory';
  return NEVER_STARTED.test(reason) ? 'not-started' : 'exit';
}

/** Somebody asked for the pod's end: preempted, evicted, drained, deleted, its node shut down. */
function isDisrupted(pod: PodState): boolean {
  const { disruption, preempted, leavingUntil, reason } = pod;
  return [disruption, preempted, leavingUntil, reason].some((sign) => sign !== undefined);
}

/** It was to be gone long ago, and its node has not confirmed that. */
function isLostForGood({ leavingUntil }: PodState, now: number): boolean {
  return leavingUntil !== undefined && now > Date.parse(leavingUntil) + LEAVING_MARGIN_MS;
}

function disrupted(pod: PodState): PodVerdict {
  const said = [
    pod.disruption,
    pod.preempted,
    pod.reason,
    pod.message,
    pod.main?.reason,
    pod.main?.message,
  ];
  const words = said.filter((text) => text !== undefined && text !== '');
  const where = pod.node === undefined ? '' : ` on node ${pod.node}`;
  return { kind: 'disrupted', message: words.join(': ') || `pod ${pod.name} was removed${where}` };
}

function running({ main }: PodState): PodVerdict {
  const startedAt = main?.startedAt;
  return { kind: 'running', ...(startedAt === undefined ? {} : { startedAt }) };
}

/** A container that waits for something that is wrong. */
function judgeTrouble({ main, init }: PodState): PodVerdict | undefined {
  for (const container of [init, main]) {
    const reason = container?.state === 'waiting' ? (container.reason ?? '') : '';
    const why = [reason, container?.message].filter((text) => text !== undefined).join(': ');
    if (IMAGE_TROUBLE.test(reason)) {
      const isFinal = IMAGE_IS_NOT_THERE.test(why);
      return { kind: 'waiting', why, obstacle: { kind: 'image', isFinal } };
    }
    if (CONTAINER_TROUBLE.test(reason)) {
      return { kind: 'waiting', why, obstacle: { kind: 'container', isFinal: false } };
    }
  }
  return undefined;
}

function judgeGated(pod: PodState, gated: GatesSeen): PodVerdict {
  // Nothing runs that could still say anything: it is over, however long it takes to go.
  if (pod.leavingUntil !== undefined) return disrupted(pod);
  const why = describeGates(gated);
  return { kind: 'waiting', why, ...(gated.queue === undefined ? {} : { queue: gated.queue }) };
}

function messageOf({ message }: PodState): { message?: string } {
  return message === undefined ? {} : { message };
}
