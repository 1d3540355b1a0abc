import { readdir, readFile, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { orUndefined } from '../../../shared/cluster/local/atomic-file.js';

const MOUNT = '/sys/fs/cgroup';

/** The folders of a cgroup: one in version 2, one a controller in version 1. */
async function foldersOf(name: string): Promise<string[]> {
  const names = (await orUndefined(readdir(MOUNT))) ?? [];
  const candidates = [MOUNT, ...names.map((entry) => path.join(MOUNT, entry))];
  const found = await Promise.all(
    candidates.map(async (root) => {
      const folder = path.join(root, name);
      return (await orUndefined(readdir(folder))) === undefined ? [] : [folder];
    }),
  );
  return found.flat();
}

/** The processes in a cgroup and those below it. */
export async function cgroupMembers(name: string): Promise<number[]> {
  const pids = new Set<number>();
  for (const folder of await foldersOf(name)) {
    for (const below of await subtree(folder)) {
      const text = (await orUndefined(readFile(path.join(below, 'cgroup.procs'), 'utf8'))) ?? '';
      for (const line of text.split('\n')) if (line !== '') pids.add(Number(line));
    }
  }
  return [...pids];
}

/** Removes a cgroup of ours with those below it; one that is still in use stays. */
export async function removeCgroup(name: string): Promise<void> {
  for (const folder of await foldersOf(name)) {
    for (const below of (await subtree(folder)).reverse()) {
      await rmdir(below).catch(() => undefined);
    }
  }
}

/** Removes the cgroups with names that begin so, but for those that are still needed. */
export async function removeUnusedCgroups(
  prefix: string,
  isNeeded: (name: string) => boolean,
): Promise<void> {
  const roots = [
    MOUNT,
    ...((await orUndefined(readdir(MOUNT))) ?? []).map((name) => path.join(MOUNT, name)),
  ];
  const names = await Promise.all(
    roots.map(async (root) => (await orUndefined(readdir(root))) ?? []),
  );
  const ours = new Set(names.flat().filter((name) => name.startsWith(prefix)));
  for (const name of ours) {
    if (!isNeeded(name)) await removeCgroup(name);
  }
}

/** True where the kernel counted an OOM kill below the cgroup (version 2 counts for the whole tree). */
export async function hasOomKill(name: string): Promise<boolean> {
  for (const folder of await foldersOf(name)) {
    const events = await orUndefined(readFile(path.join(folder, 'memory.events'), 'utf8'));
    if (/^oom_kill [1-9]/m.test(events ?? '')) return true;
  }
  return false;
}

/** The folder and all below it, parents first. */
async function subtree(folder: string): Promise<string[]> {
  const entries = (await orUndefined(readdir(folder, { withFileTypes: true }))) ?? [];
  const below = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => subtree(path.join(folder, entry.name))),
  );
  return [folder, ...below.flat()];
}
