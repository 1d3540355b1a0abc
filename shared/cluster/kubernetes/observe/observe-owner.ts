import { jobOfRuns } from '../../../inspection/job-of-runs.js';
import type {
  BuildObservation,
  JobObservation,
  RunObservation,
} from '../../../inspection/observation.js';
import type { Reason } from '../../../inspection/reason.js';
import { attemptsOf, isPreempted, latestPods, makingTime, mayTryAgain } from './attempts.js';
import { describeBuildEnd } from './describe-build-end.js';
import { describeRunEnd } from './describe-run-end.js';
import { judgePod, type Obstacle, type PodVerdict } from './judge-pod.js';
import type { OwnerSeen } from './parse-owner.js';
import type { PodSeen, PodState } from './parse-pod.js';

/** What an observation takes besides the objects themselves. */
export interface Viewpoint {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How long a pod may wait for an image, or for a container that cannot be made, milliseconds. */
  readonly patienceMs: number;
  /** How long a pod may wait for a node that does not exist, milliseconds. */
  readonly schedulingMs: number;
  /** Why no node can ever take the pods, where that is known. */
  readonly unschedulable: string | undefined;
  /** What Kueue says of a pod that waits in a queue of it, where that was asked. */
  readonly queueSays?: string | undefined;
  /** The image a build pushed, by the digest that it reports. */
  imageOf(digest: string): string;
}

/** A state with what is said of it: what builds and runs have in common. */
export type ItemSeen = Omit<RunObservation, 'item'> & { readonly image?: string };

/** A build, by its owner and pods. */
export function observeBuild(
  owner: OwnerSeen,
  pods: Iterable<PodSeen>,
  view: Viewpoint,
): BuildObservation {
  return observeItem(owner, 0, latestPods(owner, pods).get(0), view);
}

/** A job, by its owner and pods. */
export function observeJob(
  owner: OwnerSeen,
  pods: Iterable<PodSeen>,
  view: Viewpoint,
): JobObservation {
  const latest = latestPods(owner, pods);
  const runs = Array.from({ length: owner.items }, (_, item) => ({
    item,
    ...observeItem(owner, item, latest.get(item), view),
  }));
  return jobOfRuns(runs);
}

function observeItem(
  owner: OwnerSeen,
  item: number,
  pod: PodSeen | undefined,
  view: Viewpoint,
): ItemSeen {
  if (owner.refusal !== undefined) {
    return { ...ended(owner.refusal.reason, owner.refusal.message), finishedAt: owner.createdAt };
  }
  if (pod === undefined) return observeMissing(owner, item, view);
  const verdict = judgePod(pod, view.now);
  switch (verdict.kind) {
    case 'running':
      return { state: 'running', ...times(verdict) };
    case 'waiting':
      return observeWaiting(owner, pod, verdict, view);
    case 'disrupted':
      if (owner.isCancelled) return ended('Cancelled', verdict.message);
      if (!mayTryAgain(owner, item, pod, isPreempted(owner, pod))) {
        return ended('Evicted', verdict.message);
      }
      return { state: 'waiting', message: verdict.message, stalled: true };
    case 'ended':
      return observeEnd(owner, verdict, view);
  }
}

/** Not made yet, held back by the cluster, or deleted by somebody. */
function observeMissing(owner: OwnerSeen, item: number, view: Viewpoint): ItemSeen {
  if (owner.isCancelled) return ended('Cancelled');
  const attempts = attemptsOf(owner, item, undefined);
  if (!mayTryAgain(owner, item, undefined, isPreempted(owner, undefined))) {
    return ended('Lost', `Its pod was deleted ${attempts} times.`);
  }
  const isBeingMade =
    view.now - Date.parse(owner.createdAt) < makingTime(owner.items) && attempts === 0;
  const message = owner.held === undefined ? {} : ({ message: owner.held, held: true } as const);
  return { state: 'waiting', ...message, ...(isBeingMade ? {} : { stalled: true }) };
}

/** A pod that waits: for its turn, a node, an image; or for something that it will never get. */
export function observeWaiting(
  owner: OwnerSeen,
  pod: PodState,
  { why, obstacle, queue }: Omit<Extract<PodVerdict, { kind: 'waiting' }>, 'kind'>,
  view: Viewpoint,
): ItemSeen {
  // A pod without a node is removed when it is cancelled; with one, it ends by its deadline.
  if (owner.isCancelled && pod.node === undefined) return ended('Cancelled');
  const waitedMs = view.now - Date.parse(pod.releasedAt ?? pod.createdAt);
  const said = [why, queue === undefined ? undefined : view.queueSays];
  const words = said.filter((text) => text !== undefined).join(': ');
  const message = words === '' ? {} : { message: words };
  if (obstacle?.kind === 'node') {
    if (view.unschedulable === undefined || waitedMs < view.schedulingMs) {
      return { state: 'waiting', ...message };
    }
    return ended('Unschedulable', `${view.unschedulable} (${why ?? ''})`);
  }
  if (obstacle !== undefined && (obstacle.isFinal || waitedMs > view.patienceMs)) {
    return ended(reasonOfObstacle(owner, obstacle), why);
  }
  return { state: 'waiting', ...message, ...(queue === undefined ? {} : { queue }) };
}

function reasonOfObstacle(owner: OwnerSeen, { kind, isFinal }: Obstacle): Reason {
  // A build's own image is the builder: whoever asked for the build cannot know it. And where the
  // registry does not answer, or lets nobody in, nobody knows whether the image is there.
  const isGone = kind === 'image' && isFinal;
  return isGone && owner.ref.kind === 'job' ? 'ImageNotFound' : 'ClusterError';
}

function observeEnd(
  owner: OwnerSeen,
  verdict: Extract<PodVerdict, { kind: 'ended' }>,
  view: Viewpoint,
): ItemSeen {
  const said =
    owner.ref.kind === 'build'
      ? describeBuildEnd(verdict, (digest) => view.imageOf(digest))
      : describeRunEnd(verdict);
  // Cancelling ends pods by a deadline that is over.
  const isCancelled = owner.isCancelled && verdict.cause === 'deadline';
  return {
    state: 'terminated',
    ...times(verdict),
    ...said,
    ...(isCancelled ? { reason: 'Cancelled' as const } : {}),
  };
}

/** An end that no container reports. */
export function ended(reason: Reason, message?: string): ItemSeen {
  return { state: 'terminated', reason, ...(message === undefined ? {} : { message }) };
}

/** When it began and ended, as far as that is known. */
export function times({ startedAt, finishedAt }: { startedAt?: string; finishedAt?: string }) {
  return {
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
}
