import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { orUndefined, readJsonFile } from '../../../shared/cluster/local/atomic-file.js';
import { callEngine } from '../../../shared/cluster/local/engine/call-engine.js';
import type { Engine } from '../../../shared/cluster/local/engine/engine.js';

/** One of podman's own containers, as its storage lists it. */
interface StoredContainer {
  readonly id: string;
  readonly names?: readonly string[];
  /** ISO 8601 */
  readonly created: string;
}

const WORKING_NAME = /(?:^|-)working-container(?:-\d+)?$/;
/** A living build has noted what its container is for within milliseconds. */
const NOTE_MS = 3000;

/**
 * Removes the containers in which a killed podman was building. They have no label of ours, but
 * what podman notes of each names the parent cgroup, which is.
 */
export async function removeWorkingContainers(engine: Engine, cgroup: string): Promise<void> {
  const folder = noteFolder(engine);
  if (folder === undefined) return;
  const ids = (await orUndefined(readdir(folder))) ?? [];
  const notes = await Promise.all(ids.map((id) => readNote(folder, id)));
  const ours = ids.filter((_, index) => notes[index]?.includes(`"/${cgroup}"`) === true);
  if (ours.length > 0) await callEngine(engine, ['rm', '--force', ...ours]);
}

/**
 * The same for those that podman had made since then and was killed before it could note anything.
 * Takes a few seconds, to be sure that nobody is about to use them.
 */
export async function removeAbandonedContainers(engine: Engine, since: Date): Promise<void> {
  const folder = noteFolder(engine);
  if (folder === undefined) return;
  const candidates = await findWithoutNote(folder, since);
  if (candidates.length === 0) return;
  await sleep(NOTE_MS, undefined, { ref: false });
  const still = await findWithoutNote(folder, since);
  const abandoned = candidates.filter((id) => still.includes(id));
  if (abandoned.length > 0) await callEngine(engine, ['rm', '--force', ...abandoned]);
}

async function findWithoutNote(folder: string, since: Date): Promise<string[]> {
  const listed = await readJsonFile<StoredContainer[]>(path.join(folder, 'containers.json'));
  const recent = (listed ?? []).filter(
    ({ names = [], created }) =>
      names.some((name) => WORKING_NAME.test(name)) && new Date(created) >= since,
  );
  const notes = await Promise.all(recent.map(({ id }) => readNote(folder, id)));
  return recent.filter((_, index) => notes[index] === undefined).map(({ id }) => id);
}

function noteFolder(engine: Engine): string | undefined {
  return engine.hasCgroupParents ? engine.storage?.containers : undefined;
}

function readNote(folder: string, id: string): Promise<string | undefined> {
  return orUndefined(readFile(path.join(folder, id, 'userdata', 'buildah.json'), 'utf8'));
}
