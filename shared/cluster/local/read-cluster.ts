import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { BuildObservation, JobObservation } from '../../inspection/observation.js';
import { keyOf } from '../key-of.js';
import type { ClusterRef } from '../port.js';
import { orUndefined, readJsonFile, UNFINISHED } from './atomic-file.js';
import {
  folderOf,
  isId,
  kindFolder,
  queueFile,
  REQUEST_FILE,
  STATUS_FILE,
  type Layout,
  type Mark,
} from './layout.js';
import type { StoredJob } from './request-file.js';
import {
  observationOfBuild,
  observationOfJob,
  type BuildStatus,
  type JobStatus,
} from './status.js';

/** Builds and jobs in the order in which they wait: "build/<id>", "job/<id>". */
export interface QueueFile {
  readonly waiting: readonly string[];
}

/** A build as it is now; undefined where there is none. */
export async function readBuild(layout: Layout, id: string): Promise<BuildObservation | undefined> {
  const ref = { kind: 'build', id } as const;
  const status = await readStatus<BuildStatus>(layout, ref);
  if (status === undefined && !(await exists(layout, ref))) return undefined;
  const isWaiting = status === undefined || status.observation.state === 'waiting';
  return observationOfBuild(status, isWaiting ? await readPosition(layout, ref) : undefined);
}

/** A job as it is now; undefined where there is none. */
export async function readJob(layout: Layout, id: string): Promise<JobObservation | undefined> {
  const ref = { kind: 'job', id } as const;
  const status = await readStatus<JobStatus>(layout, ref);
  const batchSize = status?.runs.length ?? (await readRequest(layout, id))?.batchSize;
  if (batchSize === undefined) return undefined;
  const observation = observationOfJob(status, batchSize, undefined);
  if (observation.state !== 'waiting') return observation;
  return observationOfJob(status, batchSize, await readPosition(layout, ref));
}

/** What the agent wrote last; undefined where it has not yet. */
export function readStatus<T>(layout: Layout, ref: ClusterRef): Promise<T | undefined> {
  if (!isId(ref.id)) return Promise.resolve(undefined);
  return readJsonFile<T>(path.join(folderOf(layout, ref), STATUS_FILE));
}

/** True where somebody asked for it. */
export async function exists(layout: Layout, ref: ClusterRef): Promise<boolean> {
  return isId(ref.id) && isThere(path.join(folderOf(layout, ref), REQUEST_FILE));
}

/** True where the mark is set. */
export function hasMark(layout: Layout, ref: ClusterRef, mark: Mark): Promise<boolean> {
  return isThere(path.join(folderOf(layout, ref), mark));
}

/** The ids of all builds or jobs, collected ones among them. */
export async function listIds(layout: Layout, kind: ClusterRef['kind']): Promise<string[]> {
  const names = (await orUndefined(readdir(kindFolder(layout, kind)))) ?? [];
  return names.filter((name) => !name.startsWith(UNFINISHED) && isId(name));
}

function readRequest(layout: Layout, id: string): Promise<StoredJob | undefined> {
  if (!isId(id)) return Promise.resolve(undefined);
  return readJsonFile<StoredJob>(path.join(folderOf(layout, { kind: 'job', id }), REQUEST_FILE));
}

async function readPosition(layout: Layout, ref: ClusterRef): Promise<number | undefined> {
  const queue = await readJsonFile<QueueFile>(queueFile(layout));
  const index = queue?.waiting.indexOf(keyOf(ref)) ?? -1;
  return index < 0 ? undefined : index + 1;
}

async function isThere(file: string): Promise<boolean> {
  return (await orUndefined(access(file).then(() => true))) ?? false;
}
