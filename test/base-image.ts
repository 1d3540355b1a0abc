import { execa } from 'execa';
import { makeBusyboxBase, makeDebianBase } from '../scripts/make-base-image.js';

/** The programs without which no base image can be made here. */
const NEEDED = ['podman', 'debootstrap', 'busybox', 'flock'];

/** Names what is missing for base images on this machine; empty where nothing is. */
export async function missingForBaseImages(): Promise<string[]> {
  const found = await Promise.all(
    NEEDED.map((name) => execa('sh', ['-c', 'command -v "$1"', 'sh', name], { reject: false })),
  );
  return NEEDED.filter((_, index) => found[index]?.exitCode !== 0);
}

/**
 * The name of a minimal Debian 12 image (apt, dpkg, bash; no python), made by debootstrap where it
 * is not there yet. Takes half a minute and 200 MB the first time; kept between test runs.
 */
export async function ensureDebianBase(): Promise<string> {
  return await makeDebianBase();
}

/** The name of an image with nothing but a static busybox and its applets, root as the only user. */
export async function ensureBusyboxBase(): Promise<string> {
  return await makeBusyboxBase();
}
