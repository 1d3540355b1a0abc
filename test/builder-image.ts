import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** The name under which a cluster of tests knows the builder. */
export const BUILDER_IMAGE = 'localhost/buildkit:rootless';

/**
 * The tar with an image of rootless BuildKit, for clusters that reach no registry: AMUN_TEST_BUILDER
 * names it, or it lies in the cache folder builder-image. undefined where there is none.
 */
export function findBuilderImage(): string | undefined {
  const named = process.env['AMUN_TEST_BUILDER'];
  if (named !== undefined) return named;
  const cache = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');
  const folder = path.join(cache, 'builder-image');
  if (!existsSync(folder)) return undefined;
  const found = readdirSync(folder).find((name) => /^buildkit-rootless-.*\.tar$/.test(name));
  return found === undefined ? undefined : path.join(folder, found);
}
