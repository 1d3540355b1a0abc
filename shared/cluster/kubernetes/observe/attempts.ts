import type { OwnerSeen } from './parse-owner.js';
import type { PodSeen } from './parse-pod.js';

/** How often one build or run is tried where the cluster takes it away from its machine. */
export const MOST_ATTEMPTS = 3;

/**
 * How often where Kueue takes it away, which does not count: it may be asked back for as often as
 * others come first, but not by a mistake for ever.
 */
const MOST_IN_QUEUE = 100;

/**
 * How long whoever asked for so many pods may take to make them, milliseconds. Where that is too
 * short, a run is carried out twice and counted once.
 */
export function makingTime(items: number): number {
  return 5_000 + 100 * items;
}

/** The pods of an owner by item, of each the latest attempt. Pods of another owner do not count. */
export function latestPods(owner: OwnerSeen, pods: Iterable<PodSeen>): Map<number, PodSeen> {
  const latest = new Map<number, PodSeen>();
  for (const pod of pods) {
    if (pod.ownerUid !== owner.uid || pod.item >= owner.items) continue;
    const known = latest.get(pod.item);
    if (known === undefined || known.attempt < pod.attempt) latest.set(pod.item, pod);
  }
  return latest;
}

/**
 * Whether an item may be tried once more.
 *
 * @param isPreempted its latest attempt does not count
 */
export function mayTryAgain(
  owner: OwnerSeen,
  item: number,
  pod: PodSeen | undefined,
  isPreempted: boolean,
): boolean {
  const attempts = attemptsOf(owner, item, pod);
  const free = (owner.preemptions[String(item)] ?? 0) + (isPreempted ? 1 : 0);
  return attempts - free < MOST_ATTEMPTS && attempts < MOST_IN_QUEUE;
}

/**
 * Whether an item's latest attempt was ended by Kueue. What was in a queue and is gone without a trace
 * counts as that: Kueue deletes pods, and they vanish as soon as they have stopped.
 */
export function isPreempted(owner: OwnerSeen, pod: PodSeen | undefined): boolean {
  return pod === undefined ? owner.queue !== undefined : pod.preempted !== undefined;
}

/** How many attempts an item has had, by the owner's notes and by its latest pod. */
export function attemptsOf(owner: OwnerSeen, item: number, pod: PodSeen | undefined): number {
  return Math.max(owner.attempts[String(item)] ?? 0, pod === undefined ? 0 : pod.attempt + 1);
}
