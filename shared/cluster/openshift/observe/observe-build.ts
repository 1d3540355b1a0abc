import type { BuildObservation } from '../../../inspection/observation.js';
import { MOST_ATTEMPTS } from '../../kubernetes/observe/attempts.js';
import { judgePod } from '../../kubernetes/observe/judge-pod.js';
import {
  ended,
  observeWaiting,
  times,
  type ItemSeen,
  type Viewpoint,
} from '../../kubernetes/observe/observe-owner.js';
import type { OwnerSeen } from '../../kubernetes/observe/parse-owner.js';
import type { PodState } from '../../kubernetes/observe/parse-pod.js';
import { describeFailure, describeSuccess, findDisruption, saidOf } from './describe-build-end.js';
import type { BuildSeen } from './parse-build.js';

/**
 * A failure is written in pieces, by the pod and by two controllers: what has not come so long after
 * the last one does not come any more, milliseconds.
 */
const PIECES_MS = 15_000;
/** How long OpenShift may take to start the first Build of a BuildConfig by itself, milliseconds. */
const MAKING_MS = 60_000;
/** How much longer than its deadline a build may seem to run, milliseconds. */
const OVERDUE_MS = 10 * 60_000;

/** The latest Build of an owner; Builds of an earlier owner of this name do not count. */
export function latestBuild(owner: OwnerSeen, builds: Iterable<BuildSeen>): BuildSeen | undefined {
  let latest: BuildSeen | undefined;
  for (const build of builds) {
    if (build.ownerUid !== owner.uid) continue;
    if (latest === undefined || build.number > latest.number) latest = build;
  }
  return latest;
}

/**
 * A build, by its owner, its latest Build and that one's pod.
 *
 * @param pod undefined where there is none, or none any more
 */
export function observeBuild(
  owner: OwnerSeen,
  build: BuildSeen | undefined,
  pod: PodState | undefined,
  view: Viewpoint,
): BuildObservation {
  if (owner.refusal !== undefined) {
    return { ...ended(owner.refusal.reason, owner.refusal.message), finishedAt: owner.createdAt };
  }
  if (build === undefined) return observeMissing(owner, view);
  switch (build.phase) {
    case 'Running':
      return observeRunning(build, view);
    case 'Complete':
      return { state: 'terminated', ...times(build), ...describeSuccess(build) };
    case 'Cancelled':
      return { ...ended('Cancelled'), ...times(build) };
    case 'Failed':
    case 'Error':
      return observeFailed(owner, build, pod, view);
    default:
      return observeBegun(owner, build, pod, view);
  }
}

/** Not made yet, or deleted by somebody. */
function observeMissing(owner: OwnerSeen, view: Viewpoint): ItemSeen {
  if (owner.isCancelled) return ended('Cancelled');
  const attempts = owner.attempts['0'] ?? 0;
  if (attempts >= MOST_ATTEMPTS) return ended('Lost', `Its Build was deleted ${attempts} times.`);
  const isBeingMade = attempts === 0 && view.now - Date.parse(owner.createdAt) < MAKING_MS;
  return { state: 'waiting', ...(isBeingMade ? {} : { stalled: true }) };
}

function observeRunning(build: BuildSeen, view: Viewpoint): ItemSeen {
  const { startedAt, deadlineSeconds } = build;
  if (startedAt !== undefined && deadlineSeconds !== undefined) {
    const overdueMs = view.now - Date.parse(startedAt) - deadlineSeconds * 1000;
    if (overdueMs > OVERDUE_MS) return { ...ended('BuildTimedOut'), startedAt };
  }
  return { state: 'running', ...startOf(build) };
}

/** New or Pending: OpenShift ends neither, whatever is missing. */
function observeBegun(
  owner: OwnerSeen,
  build: BuildSeen,
  pod: PodState | undefined,
  view: Viewpoint,
): ItemSeen {
  const verdict = pod === undefined ? undefined : judgePod(pod, view.now);
  if (pod !== undefined && verdict?.kind === 'waiting') {
    return observeWaiting(owner, pod, verdict, view);
  }
  // The pod is ahead of its Build.
  if (verdict !== undefined) return { state: 'running' };
  const message = build.reason === undefined ? undefined : saidOf(build);
  if (view.now - Date.parse(build.createdAt) > view.patienceMs) {
    const minutes = Math.round(view.patienceMs / 60_000);
    return ended(
      'ClusterError',
      message ?? `OpenShift has not begun the build within ${minutes} minutes.`,
    );
  }
  return { state: 'waiting', ...(message === undefined ? {} : { message }) };
}

function observeFailed(
  owner: OwnerSeen,
  build: BuildSeen,
  pod: PodState | undefined,
  view: Viewpoint,
): ItemSeen {
  if (!isSettled(build, pod, view.now)) {
    return { state: 'running', ...startOf(build) };
  }
  const disruption = findDisruption(build, pod);
  if (disruption === undefined) {
    return { state: 'terminated', ...times(build), ...describeFailure(build, pod) };
  }
  if (owner.isCancelled) return { ...ended('Cancelled'), ...times(build) };
  const { message, attempts, reason } = disruption;
  if (build.number >= attempts) return { ...ended(reason, message), ...times(build) };
  return { state: 'waiting', message, stalled: true };
}

function startOf({ startedAt }: BuildSeen): { startedAt?: string } {
  return startedAt === undefined ? {} : { startedAt };
}

/** Whether all that will ever be said of a failure has been said. */
function isSettled(build: BuildSeen, pod: PodState | undefined, now: number): boolean {
  if (build.finishedAt !== undefined && (pod === undefined || hasEnded(pod))) return true;
  const last = build.finishedAt ?? pod?.main?.finishedAt ?? pod?.init?.finishedAt;
  // Without a pod nobody is left who could say more.
  return last === undefined ? pod === undefined : now - Date.parse(last) > PIECES_MS;
}

function hasEnded({ phase, main }: PodState): boolean {
  return main?.state === 'terminated' || (phase === 'Failed' && main?.state !== 'running');
}
