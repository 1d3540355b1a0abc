import { readAdvice, summarizeAdvice } from '../advice/read-advice.js';
import { isAmunError } from '../errors/amun-error.js';
import type { BuildObservation } from '../inspection/observation.js';
import { adviceKey } from './artifact-keys.js';
import type { Ports } from './ports.js';
import { readSpecification } from './read-specification.js';

/** Nothing was asked where the log has none of these. */
const MARK = 'amun-advice:';

/**
 * Keeps what Thoth advised in a build, as its log tells it.
 *
 * @param waiting tells the ids of the inspections that use the build; they all ask for the same advice, or none
 * @returns how the build ended, with the advice; as it was seen where none was asked
 */
export async function collectAdvice(
  ports: Ports,
  id: string,
  {
    waiting,
    log,
  }: { readonly waiting: () => Promise<readonly string[]>; readonly log: Uint8Array | undefined },
  seen: BuildObservation,
): Promise<BuildObservation> {
  if (log === undefined || !Buffer.from(log.buffer, log.byteOffset, log.byteLength).includes(MARK))
    return seen;
  // Anybody can print such marks: what was not asked for is no advice.
  if (!(await isAsked(ports, await waiting()))) return seen;
  const found = readAdvice(Buffer.from(log).toString('utf8'));
  if (found === undefined) return seen;
  await ports.store.artifacts.put(adviceKey(id), JSON.stringify(found));
  const advice = summarizeAdvice(found);
  const isWhy = found.state === 'failed' && seen.image === undefined;
  if (!isWhy || (seen.reason ?? 'BuildFailed') !== 'BuildFailed') return { ...seen, advice };
  return { ...seen, advice, reason: 'AdviceFailed', message: advice.message };
}

async function isAsked({ store }: Ports, waiting: readonly string[]): Promise<boolean> {
  for (const inspectionId of waiting) {
    try {
      return (await readSpecification(store, inspectionId)).advise !== undefined;
    } catch (error) {
      // Not kept any more, or not yet.
      if (!isAmunError(error, 'NotFound')) throw error;
    }
  }
  return false;
}
