import { answer, type Answer } from '../../shared/http/respond.js';
import { observeWithPlace } from './observe.js';
import type { Question } from './question.js';
import { viewParts } from './view.js';
import { waitForEnd } from './wait-for-end.js';

/**
 * Everything about where an inspection stands. Clients of several generations read it, so its parts
 * are there at the top and under `status`. With `wait`, so many seconds are waited for the end.
 */
export async function answerStatus({ ports, record: known, query }: Question): Promise<Answer> {
  const record = await waitForEnd(ports.store, known, Number(query['wait'] ?? 0));
  const snapshot = await observeWithPlace(ports, record);
  const parts = viewParts(snapshot);
  return answer(200, {
    inspection_id: record.id,
    phase: snapshot.phase,
    reason: record.reason ?? null,
    message: record.message ?? snapshot.outOfSight ?? null,
    position: snapshot.job?.position ?? snapshot.build?.position ?? null,
    cancel_requested: record.cancelRequested ?? false,
    created: record.created,
    finished: record.finished ?? null,
    labels: { ...record.labels },
    ...parts,
    status: parts,
    parameters: { inspection_id: record.id },
  });
}
