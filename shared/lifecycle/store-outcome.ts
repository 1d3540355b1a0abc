import { AmunError, isAmunError } from '../errors/amun-error.js';
import { parseBuildId } from '../inspection/identity.js';
import type { BuildObservation } from '../inspection/observation.js';
import type { BuildRecord } from '../inspection/record.js';
import type { Versioned } from '../store/port.js';
import type { Ports } from './ports.js';

/**
 * Writes how a build ended, once: the first outcome stays.
 *
 * @param read what was read of its record a moment ago
 * @returns the outcome that is stored
 */
export async function storeOutcome(
  ports: Ports,
  id: string,
  outcome: BuildObservation,
  read?: Versioned<BuildRecord>,
): Promise<BuildObservation> {
  for (let first = read; ; first = undefined) {
    const known = first ?? (await ports.store.builds.get(id));
    if (known?.value.outcome !== undefined) return known.value.outcome;
    try {
      if (known === undefined) {
        await ports.store.builds.create(id, { ...recordOfBuild(ports, id), outcome });
      } else {
        await ports.store.builds.replace(id, { ...known.value, outcome }, known.version);
      }
      return outcome;
    } catch (error) {
      // Written between our read and now: an outcome, or the note that it was started.
      if (!isAmunError(error, 'Conflict') && !isAmunError(error, 'AlreadyExists')) throw error;
    }
  }
}

/** The record of a build that is noted for the first time. Throws NotFound for what is no build's id. */
export function recordOfBuild(ports: Ports, id: string): BuildRecord {
  const identity = parseBuildId(id);
  if (identity === undefined) throw new AmunError('NotFound', `"${id}" is no build's id.`);
  return { ...identity, id, created: ports.now().toISOString() };
}
