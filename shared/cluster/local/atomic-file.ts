import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Begins the name of everything that is not whole yet; readers pass it over. */
export const UNFINISHED = '.new-';

/** Writes a file so that a reader sees the old or the new content, never a part of one. */
export async function writeWhole(file: string, content: string): Promise<void> {
  const unfinished = siblingOf(file);
  try {
    await writeFile(unfinished, content);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/**
 * Makes a folder that appears with all its content at once. False where it existed already: then
 * nothing is changed.
 */
export async function createFolderWhole(
  folder: string,
  fill: (unfinished: string) => Promise<void>,
): Promise<boolean> {
  const unfinished = siblingOf(folder);
  await mkdir(unfinished, { recursive: true });
  try {
    await fill(unfinished);
    await rename(unfinished, folder);
    return true;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (hasCode(error, 'ENOTEMPTY', 'EEXIST')) return false;
    throw error;
  }
}

/** The content of a JSON file of ours, undefined where there is none. */
export async function readJsonFile<T>(file: string): Promise<T | undefined> {
  const text = await orUndefined(readFile(file, 'utf8'));
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

/** The value, or undefined where what it was read from does not exist. */
export async function orUndefined<T>(value: Promise<T>): Promise<T | undefined> {
  try {
    return await value;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** True for a system error with one of the codes. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return typeof error.code === 'string' && codes.includes(error.code);
}

function siblingOf(file: string): string {
  return path.join(path.dirname(file), UNFINISHED + randomBytes(8).toString('hex'));
}
