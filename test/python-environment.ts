import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Kept from run to run. */
const CACHE = join(process.cwd(), 'node_modules', '.cache');
const INSTALL_MS = 900_000;

/** Python with packages, or why there is none. */
export type PythonEnvironment =
  | { readonly python: string; readonly missing?: never }
  | { readonly python?: never; readonly missing: string };

/**
 * A virtual environment with packages of PyPI, made where it is not there yet.
 *
 * @param name its folder; names versions, since what is there is taken as it is
 * @param packages as pip takes them, versions pinned
 */
export function ensurePython(name: string, packages: readonly string[]): PythonEnvironment {
  const folder = join(CACHE, name);
  const python = join(folder, 'bin/python3');
  if (existsSync(folder)) return { python };
  const draft = `${folder}.${process.pid}`;
  const pip = [join(draft, 'bin/python3'), '-m', 'pip', '-q', '--retries', '1', 'install'] as const;
  const steps: readonly (readonly [string, ...string[]])[] = [
    ['mkdir', '-p', CACHE],
    ['python3', '-m', 'venv', draft],
    [...pip, ...packages],
    // Somebody else's that is there by now is as good.
    ['sh', '-c', 'mv -T "$1" "$2" || test -d "$2"', 'sh', draft, folder],
  ];
  try {
    for (const [program, ...words] of steps) {
      const options = { timeout: INSTALL_MS, encoding: 'utf8' } as const;
      const { status, error, stderr } = spawnSync(program, words, options);
      if (status === 0) continue;
      const said = error?.message ?? stderr.trim().split('\n').at(-1) ?? '';
      return { missing: `${program} ended with ${String(status)}: ${said}` };
    }
    return { python };
  } finally {
    spawnSync('rm', ['-rf', draft]);
  }
}
