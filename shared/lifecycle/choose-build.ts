import { isAmunError } from '../errors/amun-error.js';
import { buildId } from '../inspection/identity.js';
import type { BuildRecord } from '../inspection/record.js';
import type { Versioned } from '../store/port.js';
import type { Ports } from './ports.js';

/** An answer of Thoth's stands for so long, with Thoth too. */
const ADVICE_SECONDS = 3 * 3600;

/** The build an inspection is to use. */
export interface ChosenBuild {
  readonly record: BuildRecord;
  /** True where this call made the record: the caller must start the build. */
  readonly created: boolean;
}

/**
 * Finds the build of a stack, or makes a record for a new one. Under the stack's key the store
 * keeps its latest generation; under a build's id how that build went. Any number of callers may
 * ask at once: one of them creates, the others join.
 *
 * @param key identity of the stack
 * @param force make a new one whatever there is
 */
export async function chooseBuild(ports: Ports, key: string, force: boolean): Promise<ChosenBuild> {
  for (;;) {
    const latest = await ports.store.builds.get(key);
    if (latest !== undefined && !force) {
      const usable = await findUsable(ports, latest.value);
      if (usable !== undefined) return { record: usable, created: false };
    }
    const record = newGeneration(ports, key, latest);
    try {
      if (latest === undefined) await ports.store.builds.create(key, record);
      else await ports.store.builds.replace(key, record, latest.version);
      return { record, created: true };
    } catch (error) {
      // Somebody else was first: look again, theirs will do unless a new one is forced.
      if (!isAmunError(error, 'Conflict') && !isAmunError(error, 'AlreadyExists')) throw error;
    }
  }
}

function newGeneration(
  ports: Ports,
  key: string,
  latest: Versioned<BuildRecord> | undefined,
): BuildRecord {
  const generation = (latest?.value.generation ?? 0) + 1;
  return { key, generation, id: buildId(key, generation), created: ports.now().toISOString() };
}

/** The build with its outcome, where it is under way or good and young enough. */
async function findUsable(ports: Ports, latest: BuildRecord): Promise<BuildRecord | undefined> {
  const noted = (await ports.store.builds.get(latest.id))?.value;
  // Whoever made the record is about to start it.
  if (noted === undefined) return latest;
  if (noted.outcome === undefined) return (await isUnderWay(ports, noted.id)) ? noted : undefined;
  const { image, reason, finishedAt, advice } = noted.outcome;
  if (image === undefined || reason !== undefined) return undefined;
  // That there was no advice is no answer: whoever comes next asks again.
  if (advice?.state === 'fell_back') return undefined;
  const { buildCacheSeconds } = ports.settings;
  const seconds =
    advice === undefined ? buildCacheSeconds : Math.min(buildCacheSeconds, ADVICE_SECONDS);
  const age = ports.now().getTime() - Date.parse(finishedAt ?? noted.created);
  if (age > seconds * 1000) return undefined;
  return (await ports.cluster.hasImage(image)) ? noted : undefined;
}

/** False where a build that was started has vanished, or ended badly and nobody has noted it yet. */
async function isUnderWay(ports: Ports, id: string): Promise<boolean> {
  const seen = await ports.cluster.observeBuild(id);
  return seen !== undefined && (seen.state !== 'terminated' || seen.image !== undefined);
}
