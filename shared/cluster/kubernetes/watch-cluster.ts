import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterRef, WatchEvent } from '../port.js';
import type { ApiServer } from './api/api-server.js';
import { listAndWatch } from './api/list-and-watch.js';
import type { ClusterView } from './cluster-view.js';
import { LABEL_KIND, OURS } from './names.js';
import { parseOwner } from './observe/parse-owner.js';
import { parsePod, type PodSeen } from './observe/parse-pod.js';
import { configMapsPath, podsPath } from './paths.js';
import { Picture, type Observe, type Piece } from './picture.js';

/**
 * Changes come in bursts, and each costs a look at all runs of its job: the first is told at once,
 * what follows within this time together.
 */
const SETTLE_MS = 20;
const IDLE_MS = 60_000;

/** Objects of one kind, and what they are to a build or job. */
export interface WatchedKind<Part> {
  readonly path: string;
  readonly labelSelector: string;
  readonly metadataOnly?: boolean;
  /** undefined for what is none of ours. */
  readonly parse: (object: unknown) => Piece<Part> | undefined;
}

/**
 * Builds and jobs as they change, with the pods that carry them out.
 *
 * @param only one of both; default: both
 */
export function watchCluster(
  api: ApiServer,
  namespace: string,
  view: ClusterView,
  signal: AbortSignal,
  only?: ClusterRef['kind'],
): AsyncIterable<WatchEvent> {
  const labelSelector = only === undefined ? OURS : `${OURS},${LABEL_KIND}=${only}`;
  const pods: WatchedKind<PodSeen> = {
    path: podsPath(namespace),
    labelSelector,
    parse(object) {
      const pod = parsePod(object);
      return pod && { ref: pod.ref, name: pod.name, part: pod };
    },
  };
  const kinds = [watchedOwners(namespace, labelSelector), pods];
  return watchPictures(api, kinds, (owner, parts) => view.observe(owner, parts), signal);
}

/** The owners of builds and jobs. */
export function watchedOwners(namespace: string, labelSelector: string): WatchedKind<never> {
  return {
    path: configMapsPath(namespace),
    labelSelector,
    metadataOnly: true,
    parse(object) {
      const owner = parseOwner(object);
      return owner && { owner };
    },
  };
}

/**
 * Owners of ours and what belongs to them as they change, put together to builds and jobs. Memory:
 * what counts of each object that there is.
 */
export async function* watchPictures<Part>(
  api: ApiServer,
  kinds: readonly WatchedKind<Part>[],
  observe: Observe<Part>,
  signal: AbortSignal,
): AsyncIterable<WatchEvent> {
  const ending = new AbortController();
  const inside = AbortSignal.any([signal, ending.signal]);
  const picture = new Picture<Part>(kinds.length);
  const watches = kinds.map((kind, index) => follow(api, kind, index, inside, picture));
  const failed = Promise.all(watches).catch((error: unknown) => picture.fail(error));
  try {
    let isSynced = false;
    while (!signal.aborted) {
      await picture.changes.sleep(IDLE_MS, signal);
      picture.rethrow();
      if (picture.isListed) {
        for (const ref of picture.takeChanged()) {
          const event = await picture.tell(ref, observe);
          if (event !== undefined) yield event;
        }
        if (!isSynced) yield { kind: 'synced' };
        isSynced = true;
      }
      await sleep(SETTLE_MS);
    }
  } finally {
    ending.abort();
    await failed;
  }
}

async function follow<Part>(
  api: ApiServer,
  { path, labelSelector, metadataOnly = false, parse }: WatchedKind<Part>,
  index: number,
  signal: AbortSignal,
  picture: Picture<Part>,
): Promise<void> {
  for await (const event of listAndWatch(api, { path, labelSelector, metadataOnly, signal })) {
    if (event.type === 'listed') {
      picture.noteListed(index);
      continue;
    }
    const { metadata, raw } = event.object;
    const piece = event.type === 'present' ? parse(raw) : undefined;
    // What cannot be read any more, or is being removed, counts as gone.
    if (piece === undefined) picture.gone(metadata.uid);
    else picture.present(metadata.uid, piece);
  }
}
