import { createHash } from 'node:crypto';
import type { Layout } from '../../../shared/cluster/local/layout.js';

/** Host names are no longer. */
const MAX_LENGTH = 63;
const HASH_LENGTH = 10;

/**
 * The name of a run's container, and of its host: the same for every attempt, so that there are
 * never two. Two stacks on one machine never share one.
 */
export function runName(layout: Layout, job: string, item: number): string {
  const name = `amun-${layout.stack}-${job}-${item}`;
  if (name.length <= MAX_LENGTH) return name;
  const hash = createHash('sha256').update(job).digest('hex').slice(0, HASH_LENGTH);
  const rest = `-${hash}-${item}`;
  return `amun-${layout.stack}-${job}`.slice(0, MAX_LENGTH - rest.length).replace(/-+$/, '') + rest;
}

/** The label that says whose a container is. */
export function stackLabel(layout: Layout): string {
  return `amun.directory=${layout.stack}`;
}
