import { execa } from 'execa';
import { layoutOf } from '../shared/cluster/local/layout.js';
import { waitUntil } from './wait-until.js';

/** Removes the images that the stack of a state folder has built; the folder itself stays. */
export async function removeStackImages(directory: string): Promise<void> {
  const own = `reference=localhost/amun-${layoutOf(directory).stack}/*`;
  const ids = await listImages(own);
  if (ids.length > 0) await execa('podman', ['rmi', '--force', ...ids], { reject: false });
}

/** The ids of the images that a filter finds. */
async function listImages(filter: string): Promise<string[]> {
  let ids: string[] | undefined;
  // podman fails where an image, anybody's, is removed while it lists them.
  await waitUntil(async () => {
    const args = ['images', '--quiet', '--filter', filter];
    const { code, exitCode, stdout } = await execa('podman', args, { reject: false });
    if (code === 'ENOENT') ids = [];
    else if (exitCode === 0) ids = [...new Set(stdout.split('\n').filter((id) => id !== ''))];
    return ids !== undefined;
  });
  return ids ?? [];
}
