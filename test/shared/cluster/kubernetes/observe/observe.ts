import {
  observeBuild,
  observeJob,
  type Viewpoint,
} from '../../../../../shared/cluster/kubernetes/observe/observe-owner.js';
import { parseOwner } from '../../../../../shared/cluster/kubernetes/observe/parse-owner.js';
import { parsePod } from '../../../../../shared/cluster/kubernetes/observe/parse-pod.js';
import type {
  BuildObservation,
  JobObservation,
  RunObservation,
} from '../../../../../shared/inspection/observation.js';
import { viewpoint } from '../objects.js';

/** What a job's objects, as the API server has them, are seen as. */
export function seeJob(
  owner: unknown,
  pods: readonly unknown[],
  view: Partial<Viewpoint> = {},
): JobObservation {
  return observeJob(
    parseOwner(owner)!,
    pods.flatMap((pod) => parsePod(pod) ?? []),
    viewpoint(view),
  );
}

/** The same of its first run alone. */
export function seeRun(
  owner: unknown,
  pods: readonly unknown[],
  view: Partial<Viewpoint> = {},
): RunObservation {
  return seeJob(owner, pods, view).runs[0]!;
}

/** The same of a build. */
export function seeBuild(
  owner: unknown,
  pods: readonly unknown[],
  view: Partial<Viewpoint> = {},
): BuildObservation {
  return observeBuild(
    parseOwner(owner)!,
    pods.flatMap((pod) => parsePod(pod) ?? []),
    viewpoint(view),
  );
}
