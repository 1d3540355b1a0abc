import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Realkube } from '../realkube.js';

export interface ProgramImage {
  /** With registry and tag: "localhost/thing:1". */
  readonly name: string;
  /** A program of this machine, an absolute path; in the image it is /usr/bin/NAME. */
  readonly program: string;
  /** Its name there. */
  readonly command: string;
  /** What else is in the image: its paths, and what is copied there. */
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * Makes an image of a program of this machine, with the libraries that it needs and nothing else, and
 * gives it to the cluster's node. Such an image has no shell.
 */
export async function importProgramImage(kube: Realkube, image: ProgramImage): Promise<void> {
  const rootfs = await mkdtemp(join(tmpdir(), 'amun-rootfs-'));
  try {
    const copies = { ...image.files, [`/usr/bin/${image.command}`]: image.program };
    for (const library of librariesOf(image.program)) copies[library] = library;
    for (const [path, source] of Object.entries(copies)) {
      const target = join(rootfs, path);
      await mkdir(dirname(target), { recursive: true });
      await cp(await realpath(source), target, { recursive: true });
    }
    const entrypoint = ['--entrypoint', `/usr/bin/${image.command}`, '--user', '65532:65532'];
    await kube.run('image', '--name', image.name, '--rootfs', rootfs, ...entrypoint);
  } finally {
    await rm(rootfs, { recursive: true, force: true });
  }
}

/** Absolute paths of shared libraries and their loader; none of a program that is linked statically. */
function librariesOf(program: string): string[] {
  let listed: string;
  try {
    listed = execFileSync('ldd', [program], { encoding: 'utf8', stdio: 'pipe' });
  } catch {
    return [];
  }
  return [...listed.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path);
}
