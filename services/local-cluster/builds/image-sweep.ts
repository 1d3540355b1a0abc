import { readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  orUndefined,
  readJsonFile,
  UNFINISHED,
} from '../../../shared/cluster/local/atomic-file.js';
import { callEngine } from '../../../shared/cluster/local/engine/call-engine.js';
import type { ImageRecord } from '../../../shared/cluster/local/image-record.js';
import type { AgentContext } from '../agent-context.js';

/**
 * Removes the images that nobody has used for the cache time and that no job waits for. The record goes first, so that nobody
 * is told of an image that is about to go; one that was used in that very moment is kept.
 */
export async function sweepImages(
  { layout, engine, log }: Pick<AgentContext, 'layout' | 'engine' | 'log'>,
  cacheSeconds: number,
  used: ReadonlySet<string>,
): Promise<void> {
  const folder = path.join(layout.root, 'images');
  const oldest = Date.now() - cacheSeconds * 1000;
  for (const name of (await orUndefined(readdir(folder))) ?? []) {
    const file = path.join(folder, name);
    if (name.startsWith(UNFINISHED) || !(await isOlder(file, oldest))) continue;
    if (used.has(`sha256:${path.basename(name, '.json')}`)) continue;
    const leaving = path.join(folder, UNFINISHED + name);
    await rename(file, leaving);
    if (!(await isOlder(leaving, oldest))) {
      await rename(leaving, file);
      continue;
    }
    const record = await readJsonFile<ImageRecord>(leaving);
    const removed = record && (await callEngine(engine, ['rmi', record.tag]));
    log.info({ image: record?.image, code: removed?.code }, 'image removed');
    await rm(leaving, { force: true });
  }
}

async function isOlder(file: string, milliseconds: number): Promise<boolean> {
  const found = await orUndefined(stat(file));
  return found !== undefined && found.mtimeMs < milliseconds;
}
