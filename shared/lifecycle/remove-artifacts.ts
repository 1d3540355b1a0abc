import { mapBounded } from '../concurrency/map-bounded.js';
import type { InspectionRecord } from '../inspection/record.js';
import type { Store } from '../store/port.js';
import { artifactKeysOf } from './artifact-keys.js';

/** Removals under way at once. */
const CONCURRENCY = 8;

/** Removes all that an inspection has left, and nothing of its build. What is gone is passed over. */
export async function removeArtifacts(store: Store, record: InspectionRecord): Promise<void> {
  await mapBounded(artifactKeysOf(record), CONCURRENCY, (key) => store.artifacts.remove(key));
}
