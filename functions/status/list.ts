import { mapBounded } from '../../shared/concurrency/map-bounded.js';
import { answer, type Answer } from '../../shared/http/respond.js';
import type { InspectionRecord } from '../../shared/inspection/record.js';
import type { Json, JsonObject } from '../../shared/inspection/specification.js';
import type { Ports } from '../../shared/lifecycle/ports.js';
import { ClusterSight } from './cluster-sight.js';
import { findPage } from './find-page.js';
import { readCursor, writeCursor } from './list-cursor.js';
import { observe } from './observe.js';
import { givenFilters, readFilter, type ListQuery } from './read-filter.js';

const CONCURRENCY = 25;

/** The ids of a page, newest first; with `details` also where each of them stands. */
export function listInspections(ports: Ports, query: ListQuery): Promise<Answer> {
  const filters = givenFilters(query);
  const isFiltered = Object.keys(filters).length > 0;
  return isFiltered ? listFound(ports, query, filters) : listAll(ports, query);
}

/** By the order in which they were submitted, whatever there is. */
async function listAll(ports: Ports, { page, limit, details }: ListQuery): Promise<Answer> {
  const { ids, total } = await ports.store.index.list(page, limit);
  const sight = new ClusterSight(ports.log);
  const items = details ? { items: await readAndDescribe(ports, ids, sight) } : {};
  return answer(200, {
    inspections: [...ids],
    total,
    ...items,
    ...noticeOf(sight),
    parameters: { page, limit },
  });
}

/** Said of the phases, where the cluster could not be asked for them. */
function noticeOf({ loss }: ClusterSight): JsonObject {
  return loss === undefined ? {} : { message: loss };
}

/** What fits, behind a cursor where there is one. */
async function listFound(ports: Ports, query: ListQuery, filters: JsonObject): Promise<Answer> {
  const { page, limit, details } = query;
  const behind = readCursor(query.cursor);
  const skip = (page - 1) * limit;
  const place = behind === undefined ? {} : { behind };
  const sight = new ClusterSight(ports.log);
  const found = await findPage(ports, readFilter(query), { ...place, skip, limit }, sight);
  const items = details ? { items: await describeAll(ports, found.records, sight) } : {};
  return answer(200, {
    inspections: found.records.map(({ id }) => id),
    total: found.total ?? null,
    next_cursor: found.next === undefined ? null : writeCursor(found.next),
    ...items,
    ...noticeOf(sight),
    parameters: { page, limit, ...filters },
  });
}

async function readAndDescribe(
  ports: Ports,
  ids: readonly string[],
  sight: ClusterSight,
): Promise<Json> {
  const rows = await mapBounded(ids, CONCURRENCY, async (id): Promise<Json[]> => {
    const record = (await ports.store.inspections.get(id))?.value;
    // Submitted and not recorded: its submission was cut off, or goes on at this moment.
    return record === undefined ? [] : [await describe(ports, record, sight)];
  });
  return rows.flat();
}

function describeAll(
  ports: Ports,
  records: readonly InspectionRecord[],
  sight: ClusterSight,
): Promise<Json[]> {
  return mapBounded(records, CONCURRENCY, (record) => describe(ports, record, sight));
}

async function describe(
  ports: Ports,
  record: InspectionRecord,
  sight: ClusterSight,
): Promise<Json> {
  const { phase } = await observe(ports, record, sight);
  return {
    inspection_id: record.id,
    phase,
    reason: record.reason ?? null,
    created: record.created,
    finished: record.finished ?? null,
    labels: { ...record.labels },
  };
}
