import { parseQuantity } from '../../../inspection/quantity.js';
import type { Requests } from '../../../inspection/specification.js';

/**
 * What a builder takes beside the steps of a build, bytes: 80 MiB were measured of BuildKit, 103 MiB
 * of OpenShift's buildah, and both cache files.
 */
export const BUILDER_MEMORY_BYTES = 128 * 1024 ** 2;

/** The memory of a build's pod, bytes: what was asked for the build's steps, and the builder's own. */
export function buildMemoryBytes({ memory }: Pick<Requests, 'memory'>): number {
  return Math.ceil(parseQuantity(memory)) + BUILDER_MEMORY_BYTES;
}
