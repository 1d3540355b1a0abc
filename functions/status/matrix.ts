import { mapBounded } from '../../shared/concurrency/map-bounded.js';
import { AmunError } from '../../shared/errors/amun-error.js';
import { answer, type Answer } from '../../shared/http/respond.js';
import type { MatrixMember, MatrixRecord } from '../../shared/inspection/matrix-record.js';
import { compareMembers, type TableMember } from '../../shared/inspection/matrix-table.js';
import { isFinal } from '../../shared/inspection/phase.js';
import type { InspectionRecord } from '../../shared/inspection/record.js';
import type { Json } from '../../shared/inspection/specification.js';
import type { RunsSummary } from '../../shared/inspection/summarize-runs.js';
import type { Ports } from '../../shared/lifecycle/ports.js';
import { ClusterSight } from './cluster-sight.js';
import { observe } from './observe.js';
import { readSummary, summarize } from './summary.js';

const CONCURRENCY = 10;
/** No more batches are summarized in one answer after this time; the next answer goes on. */
const SUMMARIZING_MS = 10_000;

/** Where a matrix stands, and the table of what is known of its variations. */
export async function answerMatrix(ports: Ports, id: string): Promise<Answer> {
  const matrix = (await ports.store.matrices.get(id))?.value;
  if (matrix === undefined) throw new AmunError('NotFound', `There is no matrix "${id}".`);
  const sight = new ClusterSight(ports.log);
  const standings = await mapBounded(matrix.members, CONCURRENCY, (member) =>
    standingOf(ports, matrix, member, sight),
  );
  const summaries = await summarizeEnded(ports, standings);
  const members = standings.map(({ member }): TableMember => {
    const summary = summaries.get(member.inspection_id);
    return summary === undefined ? member : { ...member, summary };
  });
  const isOver = standings.every(({ member }) => isEnd(member.phase));
  return answer(200, {
    matrix_id: id,
    created: matrix.created,
    phases: countPhases(members),
    finished: isOver && standings.every(({ record }) => !record || summaries.has(record.id)),
    table: compareMembers(members) as unknown as Json,
    parameters: { matrix_id: id },
  });
}

interface Standing {
  readonly member: TableMember;
  /** Absent where there is no inspection. */
  readonly record: InspectionRecord | undefined;
}

async function standingOf(
  ports: Ports,
  matrix: MatrixRecord,
  { name, inspectionId }: MatrixMember,
  sight: ClusterSight,
): Promise<Standing> {
  const record = (await ports.store.inspections.get(inspectionId))?.value;
  const place = { name, inspection_id: inspectionId };
  if (record === undefined) {
    const phase = matrix.submitted === undefined ? 'not submitted' : 'gone';
    return { member: { ...place, phase, reason: null, build_reused: null }, record };
  }
  const { phase } = await observe(ports, record, sight);
  const member = {
    ...place,
    phase,
    reason: record.reason ?? null,
    build_reused: record.buildReused,
  };
  return { member, record };
}

/**
 * The summaries of those that have ended: kept ones, and as many new ones as there is time for, one
 * at least. A batch that still runs has none: half of its runs say little about the other half.
 */
async function summarizeEnded(
  ports: Ports,
  standings: readonly Standing[],
): Promise<ReadonlyMap<string, RunsSummary>> {
  const ended = standings.flatMap(({ record }) =>
    record !== undefined && isFinal(record.phase) ? [record] : [],
  );
  const kept = await mapBounded(ended, CONCURRENCY, (record) => readSummary(ports, record));
  const found = new Map<string, RunsSummary>();
  const end = Date.now() + SUMMARIZING_MS;
  for (const [index, record] of ended.entries()) {
    const summary = kept[index] ?? (Date.now() < end ? await summarize(ports, record) : undefined);
    if (summary !== undefined) found.set(record.id, summary);
  }
  return found;
}

function isEnd(phase: TableMember['phase']): boolean {
  return phase === 'gone' || (phase !== 'not submitted' && isFinal(phase));
}

function countPhases(members: readonly TableMember[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { phase } of members) counts.set(phase, (counts.get(phase) ?? 0) + 1);
  return Object.fromEntries(counts);
}
