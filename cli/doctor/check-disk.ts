import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Finding, Machine } from './finding.js';

const GIBIBYTE = 1024 ** 3;
/** Less than this, and no image of some size can be built. */
const LOWEST_GIB = 5;

/** Room for state; images lie in the engine's own storage, mostly on the same disk. */
export async function checkDisk(machine: Machine): Promise<Finding> {
  let folder = resolve(machine.directory);
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = await statfs(folder);
  const free = (bavail * bsize) / GIBIBYTE;
  const ok = free >= LOWEST_GIB;
  return {
    name: 'disk',
    ok,
    needed: false,
    detail: `${free.toFixed(1)} GiB free where ${folder} lies`,
    ...(ok ? {} : { remedy: `make room for ${LOWEST_GIB} GiB, or name another folder with --dir` }),
  };
}
