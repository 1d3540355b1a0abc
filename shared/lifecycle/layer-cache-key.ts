import { createHash } from 'node:crypto';
import type { Specification } from '../inspection/specification.js';

/**
 * Which builds may take layers from each other: those on the same base that begin in the same stretch
 * of the cache time, so that no layer serves longer than a whole build may. undefined where
 * everything is to be made anew; and where advice is asked, for a layer from before asks nobody, and
 * tells nothing in the log.
 */
export function layerCacheKey(
  { base, force, advise }: Pick<Specification, 'base' | 'force' | 'advise'>,
  now: Date,
  cacheSeconds: number,
): string | undefined {
  if (force || advise !== undefined || cacheSeconds <= 0) return undefined;
  const stretch = Math.floor(now.getTime() / (cacheSeconds * 1000));
  return createHash('sha256').update(`${stretch} ${base}`).digest('hex').slice(0, 32);
}
