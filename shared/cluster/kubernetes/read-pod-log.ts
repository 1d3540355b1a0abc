import { AmunError, isAmunError } from '../../errors/amun-error.js';
import type { ClusterRef, LogOptions, LogTarget } from '../port.js';
import type { ApiServer } from './api/api-server.js';
import type { EndedPods } from './ended-pods.js';
import { followLog, readPieces, type LogPlace, type LogSource } from './follow-log.js';
import { MAIN_CONTAINER } from './names.js';
import { latestPods } from './observe/attempts.js';
import type { PodSeen } from './observe/parse-pod.js';
import { podsPath } from './paths.js';
import { readOwner, readPods } from './read-objects.js';

/** The log of a build or run: that of its latest pod; followed, it ends with the container. */
export async function* readPodLog(
  api: ApiServer,
  namespace: string,
  target: LogTarget,
  options: LogOptions,
  ended: EndedPods,
): AsyncIterable<Uint8Array> {
  const [ref, item] = splitTarget(target);
  const pod = options.follow === true ? undefined : ended.nameOf(ref, item);
  if (pod !== undefined) {
    try {
      return yield* readPieces(api, logOf(namespace, pod), options.offset ?? 0, options.signal);
    } catch (error) {
      // Gone meanwhile, or without a log: what became of it is told below.
      if (!isAmunError(error, 'NotFound') && !isAmunError(error, 'InvalidRequest')) throw error;
    }
  }
  let owner = await readOwner(api, namespace, ref);
  if (owner === undefined || item >= owner.items) {
    throw new AmunError('NotFound', `The cluster has no ${ref.kind} ${ref.id}, item ${item}.`);
  }
  let isFirst = true;
  yield* followLog(api, options, async () => {
    // Anew each time: it notes which attempt is the latest.
    if (!isFirst) owner = await readOwner(api, namespace, ref);
    isFirst = false;
    if (owner === undefined) return undefined;
    const pods = await readPods(api, namespace, owner, item);
    return placeOf(namespace, latestPods(owner, pods).get(item));
  });
}

function placeOf(namespace: string, pod: PodSeen | undefined): LogPlace {
  const state = pod?.main?.state;
  if (pod === undefined) return { isLive: true, isLast: false };
  const hasEnded = state === 'terminated';
  // Some end without their container ever having run.
  const isOver = pod.phase === 'Failed' || pod.phase === 'Succeeded';
  const from = logOf(namespace, pod.name);
  const place = { isLive: !hasEnded, isLast: hasEnded || isOver };
  return hasEnded || state === 'running' ? { ...place, from } : place;
}

function logOf(namespace: string, pod: string): LogSource {
  return { path: `${podsPath(namespace, pod)}/log`, query: { container: MAIN_CONTAINER } };
}

function splitTarget(target: LogTarget): [ClusterRef, number] {
  return 'build' in target
    ? [{ kind: 'build', id: target.build }, 0]
    : [{ kind: 'job', id: target.job }, target.item];
}
