import { UNKNOWN_END } from './judge-pod.js';
import type { OwnerSeen } from './parse-owner.js';
import type { PodSeen } from './parse-pod.js';

/**
 * The owner of a pod that tells the whole end of its build or job: its only item, ended at its first
 * attempt, with no sign that anybody took it away or ended it. What the owner itself could add
 * counts for other pods alone; undefined for those.
 */
export function ownerOfSole(pod: PodSeen): OwnerSeen | undefined {
  const { ref, ownerUid, createdAt, isOnly, attempt, main } = pod;
  const { leavingUntil, reason, disruption, preempted } = pod;
  const isInterfered = [leavingUntil, reason, disruption, preempted].some(
    (sign) => sign !== undefined,
  );
  const hasEnded = main?.state === 'terminated' && main.reason !== UNKNOWN_END;
  if (!isOnly || attempt > 0 || isInterfered || !hasEnded) return undefined;
  return {
    ...{ ref, uid: ownerUid, createdAt, items: 1 },
    ...{ isCancelled: false, attempts: {}, preemptions: {} },
  };
}
