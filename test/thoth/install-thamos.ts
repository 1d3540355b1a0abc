import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const RELEASE = '1.29.1';
const run = promisify(execFile);

/** Arguments: the folder, the release. Whole or not there at all, and kept between test runs. */
const INSTALL = `
  set -eu
  [ ! -e "$1/whole" ] || exit 0
  rm -rf "$1"
  python3 -I -m venv "$1"
  "$1/bin/python" -I -m pip install --quiet --disable-pip-version-check "thamos==$2"
  touch "$1/whole"`;

/** The path of `thamos`, or what kept it from being installed. */
export type InstalledThamos =
  | { readonly program: string; readonly missing?: never }
  | { readonly program?: never; readonly missing: string };

/** The real client of Thoth, installed once for all tests of this machine. */
export async function installThamos(): Promise<InstalledThamos> {
  const folder = join(tmpdir(), `amun-thamos-${RELEASE}`);
  const args = [`${folder}.lock`, 'sh', '-c', INSTALL, 'sh', folder, RELEASE];
  try {
    await run('flock', args, { timeout: 600_000 });
    return { program: join(folder, 'bin', 'thamos') };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { missing: said.trim().split('\n').at(-1) ?? '' };
  }
}
