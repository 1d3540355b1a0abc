import type { RunObservation } from '../../../inspection/observation.js';
import type { PodVerdict } from './judge-pod.js';

type PodEnd = Extract<PodVerdict, { kind: 'ended' }>;

/** How a run ended. What the script itself said last is no word of the cluster's. */
export function describeRunEnd(
  end: PodEnd,
): Pick<RunObservation, 'exitCode' | 'reason' | 'message'> {
  const { exitCode, message } = end;
  const code = exitCode === undefined ? {} : { exitCode };
  switch (end.cause) {
    case 'deadline':
      return { ...code, reason: 'DeadlineExceeded' };
    case 'memory':
      return { ...code, reason: 'OutOfMemory' };
    case 'not-started':
      return { reason: 'ClusterError', ...(message === undefined ? {} : { message }) };
    case 'exit':
      return { ...code, ...(exitCode === 0 ? {} : { reason: 'ScriptFailed' }) };
  }
}
