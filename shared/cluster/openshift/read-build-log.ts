import { AmunError } from '../../errors/amun-error.js';
import type { ApiServer } from '../kubernetes/api/api-server.js';
import { followLog, type LogPlace } from '../kubernetes/follow-log.js';
import type { ClusterRef, LogOptions } from '../port.js';
import { buildsPath } from './paths.js';
import { readBuild } from './read-builds.js';

/** The log of a build: that of its latest Build, as OpenShift puts it together. */
export async function* readBuildLog(
  api: ApiServer,
  namespace: string,
  id: string,
  options: LogOptions,
): AsyncIterable<Uint8Array> {
  const ref: ClusterRef = { kind: 'build', id };
  let objects = await readBuild(api, namespace, ref);
  if (objects === undefined) throw new AmunError('NotFound', `The cluster has no build ${id}.`);
  yield* followLog(api, options, async () => {
    const now = objects ?? (await readBuild(api, namespace, ref));
    objects = undefined;
    return now && placeOf(namespace, now.build);
  });
}

function placeOf(
  namespace: string,
  build: { readonly name: string; readonly phase: string } | undefined,
): LogPlace {
  const phase = build?.phase ?? 'New';
  const place: LogPlace = { isLive: true, isLast: false };
  if (build === undefined || phase === 'New' || phase === 'Pending') return place;
  // OpenShift removes the pod of a Build that was cancelled, or has none to read where one was lost.
  if (phase === 'Cancelled' || phase === 'Error') return { isLive: false, isLast: true };
  const hasEnded = phase !== 'Running';
  const from = {
    path: `${buildsPath(namespace, build.name)}/log`,
    // Otherwise it waits by itself for what has not begun.
    query: { nowait: true },
  };
  return { from, isLive: !hasEnded, isLast: hasEnded };
}
