import { mapBounded } from '../../shared/concurrency/map-bounded.js';
import type { InspectionFilter } from '../../shared/inspection/inspection-filter.js';
import { isFinal, PHASES, type Phase } from '../../shared/inspection/phase.js';
import type { InspectionRecord } from '../../shared/inspection/record.js';
import type { Ports } from '../../shared/lifecycle/ports.js';
import { placeOf } from '../../shared/store/place.js';
import type { PageRequest, Place } from '../../shared/store/port.js';
import type { ClusterSight } from './cluster-sight.js';
import { observe } from './observe.js';

const CONCURRENCY = 25;
/** Looked at for one page; where few of many in flight are in the phase asked for, it is not full. */
const MOST_OBSERVED = 1_000;

/** Inspections in the phases that were asked for. */
export interface InspectionPage {
  readonly records: readonly InspectionRecord[];
  /** undefined: there is nothing more. */
  readonly next: Place | undefined;
  /** How many there are on all pages; undefined where that takes a look at all in flight. */
  readonly total: number | undefined;
}

/**
 * Finds a page. Records tell of an inspection in flight only that it is: which of the phases it is
 * in the cluster knows, so where some of these are asked for and others not, each one is looked at.
 */
export async function findPage(
  ports: Ports,
  filter: InspectionFilter,
  page: PageRequest,
  sight: ClusterSight,
): Promise<InspectionPage> {
  const { phases } = filter;
  if (phases === undefined || !dependsOnCluster(phases)) {
    return ports.store.catalogue.find(filter, page);
  }
  const candidates = new Set([...phases, ...PHASES.filter((phase) => !isFinal(phase))]);
  const { skip = 0, limit } = page;
  const found: InspectionRecord[] = [];
  let next = page.behind;
  const wanted = skip + limit;
  for (let observed = 0; observed < MOST_OBSERVED && found.length < wanted;) {
    const behind = next === undefined ? {} : { behind: next };
    const request = { ...behind, limit };
    const batch = await ports.store.catalogue.find({ ...filter, phases: candidates }, request);
    const seen = await mapBounded(batch.records, CONCURRENCY, async (record) => {
      const { phase } = await observe(ports, record, sight);
      return { record, fits: phases.has(phase) };
    });
    for (const { record, fits } of seen) {
      if (found.length === wanted) return finish(next);
      if (fits) found.push(record);
      next = placeOf(record);
    }
    observed += seen.length;
    next = batch.next;
    if (next === undefined) break;
  }
  return finish(next);

  function finish(following: Place | undefined): InspectionPage {
    return { records: found.slice(skip), next: following, total: undefined };
  }
}

/** True where some, and not all, of the phases of what is in flight are asked for. */
function dependsOnCluster(phases: ReadonlySet<Phase>): boolean {
  const live = PHASES.filter((phase) => !isFinal(phase));
  const asked = live.filter((phase) => phases.has(phase));
  return asked.length > 0 && asked.length < live.length;
}
