import { lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ExportObject } from '../../shared/export/inspection-objects.js';
import { CliError } from '../cli-error.js';

/**
 * Writes an inspection's export into `directory/<id>`, whole or not at all.
 *
 * @returns false where the same export lies there already. Throws CliError where something else does
 */
export async function writeExport(
  directory: string,
  id: string,
  objects: AsyncIterable<ExportObject>,
): Promise<boolean> {
  const target = join(directory, id);
  await mkdir(directory, { recursive: true });
  // Beside its place, so that it is put there in one step.
  const draft = await mkdtemp(join(directory, '.amun-export-'));
  try {
    for await (const { key, body } of objects) {
      const file = join(draft, key);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, body);
    }
    const made = join(draft, id);
    // A folder takes the place of an empty one, and of nothing else.
    if (await moveTo(made, target)) return true;
    if (await isSame(made, target)) return false;
    throw new CliError(`${target} holds something else; name another folder, or move it away.`);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function moveTo(made: string, target: string): Promise<boolean> {
  try {
    await rename(made, target);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR') return false;
    throw error;
  }
}

/** True for two folders with the same files in them. What is neither file nor folder is never the same. */
async function isSame(made: string, found: string): Promise<boolean> {
  const [ours, theirs] = [await listFiles(made), await listFiles(found)];
  if (ours === undefined || theirs === undefined) return false;
  if (ours.join('\0') !== theirs.join('\0')) return false;
  for (const file of ours) {
    const [one, other] = [await readFile(join(made, file)), await readFile(join(found, file))];
    if (!one.equals(other)) return false;
  }
  return true;
}

/** Paths of all files below a folder, sorted; undefined where there is anything else. */
async function listFiles(folder: string): Promise<string[] | undefined> {
  try {
    const files: string[] = [];
    for (const path of await readdir(folder, { recursive: true })) {
      const stats = await lstat(join(folder, path));
      if (stats.isFile()) files.push(path);
      else if (!stats.isDirectory()) return undefined;
    }
    return files.sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}
