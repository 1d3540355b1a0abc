import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';

export interface Shell {
  readonly name: string;
  /** The command and arguments that a script's path follows. */
  readonly command: readonly [string, ...string[]];
}

/** The POSIX shells of this machine; bash as images have it: under the name sh. */
export function findShells(folder: string): Shell[] {
  const shells: Shell[] = [];
  if (isThere('dash')) shells.push({ name: 'dash', command: ['dash'] });
  if (isThere('bash')) {
    mkdirSync(folder, { recursive: true });
    const link = path.join(folder, 'sh');
    symlinkSync(whereIs('bash'), link);
    shells.push({ name: 'bash', command: [link] });
  }
  if (isThere('busybox')) shells.push({ name: 'busybox', command: ['busybox', 'sh'] });
  return shells;
}

/** The path of a program of this machine. */
export function whereIs(program: string): string {
  return execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program], { encoding: 'utf8' }).trim();
}

/** True where this machine has the program. */
export function isThere(program: string): boolean {
  try {
    whereIs(program);
    return true;
  } catch {
    return false;
  }
}
