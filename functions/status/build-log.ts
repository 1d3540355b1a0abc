import type { Cluster } from '../../shared/cluster/port.js';
import { AmunError, isAmunError } from '../../shared/errors/amun-error.js';
import { answer, type Answer } from '../../shared/http/respond.js';
import { isFinal } from '../../shared/inspection/phase.js';
import type { InspectionRecord } from '../../shared/inspection/record.js';
import { buildLogKey } from '../../shared/lifecycle/artifact-keys.js';
import { BUILD_LOG_LIMIT, readLog } from '../../shared/lifecycle/read-log.js';
import type { Question } from './question.js';
import { MAX_SLICE, sliceText } from './text-slice.js';

/**
 * The build log: whole, or with `offset` what comes after that byte, to be asked again from
 * next_offset until it is complete; with `until` nothing from that byte on.
 */
export async function answerBuildLog({ ports, record, query }: Question): Promise<Answer> {
  const parameters = { inspection_id: record.id };
  const from = query['offset'];
  const offset = readCount('offset', from) ?? 0;
  const most = Math.max(0, (readCount('until', query['until']) ?? Infinity) - offset);
  if (hasNoBuild(record)) {
    return answer(200, { log: null, next_offset: offset, complete: true, parameters });
  }
  const target = { build: record.buildId };
  const stored = await ports.store.artifacts.get(buildLogKey(record.buildId));
  const ended = stored !== undefined || isFinal(record.phase);
  if (from === undefined && most === Infinity) {
    const bytes = stored ?? (await readLog(ports.cluster, target, BUILD_LOG_LIMIT));
    const log = bytes === undefined ? null : Buffer.from(bytes).toString('utf8');
    const next = bytes?.byteLength ?? 0;
    return answer(200, { log, next_offset: next, complete: ended, parameters });
  }
  const rest = stored?.subarray(offset) ?? (await readPiece(ports.cluster, target, offset));
  if (rest === undefined) {
    return answer(200, { log: null, next_offset: offset, complete: ended, parameters });
  }
  // Whoever reads up to a place goes on behind it, so even half a character belongs to this slice.
  const { text, next } = sliceText(rest.subarray(0, most), 0, ended || rest.byteLength >= most);
  const complete = ended && next >= rest.byteLength;
  return answer(200, { log: text, next_offset: offset + next, complete, parameters });
}

/** Known to be unschedulable at once: the id in its record is that of somebody else's build. */
function hasNoBuild(record: InspectionRecord): boolean {
  return record.reason === 'Unschedulable' && record.build === undefined;
}

function readCount(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const shown = JSON.stringify(text.slice(0, 80));
  throw new AmunError('InvalidRequest', `${name} is ${shown}; write a number of bytes from 0.`);
}

/** A little more than one answer carries; undefined where the cluster has no such log. */
async function readPiece(
  cluster: Cluster,
  target: { readonly build: string },
  offset: number,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of cluster.logs(target, { offset })) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > MAX_SLICE) break;
    }
  } catch (error) {
    if (isAmunError(error, 'NotFound')) return undefined;
    throw error;
  }
  return Buffer.concat(chunks);
}
