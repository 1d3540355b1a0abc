/**
 * Why an inspection, build or run ended as it did: a closed list, one sentence each.
 * The cluster's own words travel beside the reason, never instead of it.
 */
export const REASONS = {
  BaseImageNotFound:
    'The base image could not be pulled; check its name, and that its registry can be reached.',
  BuildFailed: 'The image could not be built; the build log says which step failed.',
  AdviceFailed: 'There was no advice from Thoth to build with.',
  BuildTimedOut: 'The build did not end within its deadline.',
  BuildOutOfMemory: 'The build needed more memory than build.requests.memory gives it.',
  ImageNotFound: 'The built image was gone before the run could start.',
  Unschedulable: 'No machine of this cluster meets the requirements.',
  ScriptFailed: 'The script ended with an exit code other than 0.',
  ScriptNotFetched: 'The script could not be fetched from its URL.',
  OutOfMemory: 'The script needed more memory than run.requests.memory gives it.',
  DeadlineExceeded: 'The run did not end within its deadline.',
  Evicted: 'The cluster took the run away from its machine, again and again.',
  Lost: 'It vanished from the cluster before its result could be collected.',
  Cancelled: 'It was cancelled on request.',
  ClusterError: 'The cluster could not carry it out.',
} as const;

export type Reason = keyof typeof REASONS;

/** The sentence for a reason. */
export function describeReason(reason: Reason): string {
  return REASONS[reason];
}
