import { access } from 'node:fs/promises';
import path from 'node:path';
import { orUndefined } from '../../../shared/cluster/local/atomic-file.js';
import type { Engine } from '../../../shared/cluster/local/engine/engine.js';
import { findOomKill, type OomKill } from './kernel-log.js';

/**
 * Whether the kernel killed anything in the container for want of memory, its first process or one
 * below it: by the kernel's log where it may be read, else by the note that conmon writes, which is
 * in the container's folder or, as some versions have it, where conmon was started.
 */
export async function oomKillOf(
  engine: Engine,
  id: string,
  startFolder: string,
): Promise<OomKill | undefined> {
  const logged = findOomKill(id);
  if (logged !== undefined) return logged;
  const own = engine.storage && path.join(engine.storage.containers, id, 'userdata');
  for (const folder of [startFolder, ...(own === undefined ? [] : [own])]) {
    const noted = await orUndefined(access(path.join(folder, 'oom')).then(() => 'limit' as const));
    if (noted !== undefined) return noted;
  }
  return undefined;
}
