import { mkdir, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AmunError } from '../../errors/amun-error.js';
import type { Requests } from '../../inspection/specification.js';
import type { Cluster, ClusterRef } from '../port.js';
import { hasCode, orUndefined, readJsonFile } from './atomic-file.js';
import { checkEngine } from './engine/check-engine.js';
import {
  folderOf,
  imageRecordFile,
  isId,
  kindFolder,
  layoutOf,
  machineFile,
  type Layout,
  type Mark,
} from './layout.js';
import { readMachine, type Machine } from './machine.js';
import type { LocalClusterOptions } from './options.js';
import { readBuild, readJob } from './read-cluster.js';
import { readClusterLog } from './read-cluster-log.js';
import { storeBuild, storeJob } from './request-file.js';
import { watchCluster } from './watch-cluster.js';
import { whyUnschedulable } from './why-unschedulable.js';
import type { ImageRecord } from './image-record.js';

/**
 * The cluster that is a folder: what is wanted is written there, the agent (services/local-cluster)
 * carries it out and writes what it sees. Keeps no state, so any number of processes may use it.
 */
export function createLocalCluster(options: LocalClusterOptions): Cluster {
  const layout = layoutOf(options.directory);
  return {
    ensureBuild: (request) =>
      atBoundary(async () => {
        await makeKindFolder(layout, 'build');
        await storeBuild(layout, request);
      }),
    ensureJob: (request) =>
      atBoundary(async () => {
        await makeKindFolder(layout, 'job');
        await storeJob(layout, request);
      }),
    // The agent does so by itself.
    resume: () => Promise.resolve(),
    observeBuild: (id) => atBoundary(() => readBuild(layout, id)),
    observeJob: (id) => atBoundary(() => readJob(layout, id)),
    logs: (target, logOptions = {}) => readClusterLog(layout, target, logOptions),
    watch: (signal) => watchCluster(layout, signal),
    whyUnschedulable: (_kind, requests) => atBoundary(() => explain(layout, options, requests)),
    hasImage: (image) => atBoundary(() => useImage(layout, image)),
    cancel: (ref) => atBoundary(() => mark(layout, ref, 'cancel')),
    collected: (ref) => atBoundary(() => mark(layout, ref, 'collected')),
    check: () => atBoundary(() => checkEngine(layout, options)),
  };
}

async function makeKindFolder(layout: Layout, kind: ClusterRef['kind']): Promise<void> {
  await mkdir(kindFolder(layout, kind), { recursive: true });
}

/** Sets a mark, and touches the folder so that whoever watches its parent sees it at once. */
async function mark(layout: Layout, ref: ClusterRef, name: Mark): Promise<void> {
  if (!isId(ref.id)) return;
  const folder = folderOf(layout, ref);
  const now = new Date();
  await orUndefined(writeFile(path.join(folder, name), '').then(() => utimes(folder, now, now)));
}

async function explain(
  layout: Layout,
  options: LocalClusterOptions,
  requests: Requests,
): Promise<string | undefined> {
  const known = await readJsonFile<Machine>(machineFile(layout));
  return whyUnschedulable(requests, known ?? (await readMachine(options)));
}

/** Asking counts as using, so that an image is not removed between the answer and the job. */
async function useImage(layout: Layout, image: string): Promise<boolean> {
  const file = imageRecordFile(layout, image);
  if (file === undefined) return false;
  const now = new Date();
  const used = await orUndefined(utimes(file, now, now).then(() => true));
  if (used !== true) return false;
  const record = await readJsonFile<ImageRecord>(file);
  if (record?.storagePath === undefined) return record !== undefined;
  return (await orUndefined(stat(record.storagePath))) !== undefined;
}

/** Files are this cluster's server: what they refuse is said in the port's words. */
async function atBoundary<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AmunError) throw error;
    const said = error instanceof Error ? error.message : String(error);
    if (hasCode(error, 'EACCES', 'EPERM', 'EROFS')) {
      const advice = 'make it writable for this user';
      throw new AmunError('Forbidden', `The local cluster's folder refuses: ${said}; ${advice}.`, {
        cause: error,
      });
    }
    throw new AmunError('Unavailable', `The local cluster's folder does not answer: ${said}.`, {
      cause: error,
    });
  }
}
