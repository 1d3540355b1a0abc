import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 50;
const FINAL = ['succeeded', 'failed', 'cancelled'];

/** As much of a status as benches look at. */
export interface InspectionStatus {
  readonly phase: string;
  readonly reason: string | null;
  readonly message: string | null;
  readonly build: { readonly container: string | null };
  readonly job: { readonly started_at: string | null; readonly finished_at: string | null };
}

/** @returns the inspection's id */
export async function submitTo(url: string, specification: object): Promise<string> {
  const response = await fetch(`${url}/api/v1/inspect`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(specification),
  });
  const text = await response.text();
  if (response.status !== 202) throw new Error(`submit answered ${response.status}: ${text}`);
  return (JSON.parse(text) as { inspection_id: string }).inspection_id;
}

/** Where an inspection stands. */
export async function statusOf(url: string, id: string): Promise<InspectionStatus> {
  const response = await fetch(`${url}/api/v1/inspect/${id}/status`);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`status answered ${response.status}: ${text}`);
  return JSON.parse(text) as InspectionStatus;
}

/** Waits until it is as wanted; throws where it is not in time. */
export async function waitFor(
  url: string,
  id: string,
  isWanted: (status: InspectionStatus) => boolean,
  timeoutMs = 120_000,
): Promise<InspectionStatus> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const status = await statusOf(url, id);
    if (isWanted(status)) return status;
    if (Date.now() > deadline) throw new Error(`${id} still is ${JSON.stringify(status)}`);
    await sleep(PAUSE_MS);
  }
}

/** Submits and waits; throws where it ends otherwise than well. */
export async function inspect(url: string, specification: object): Promise<InspectionStatus> {
  const id = await submitTo(url, specification);
  return waitForSuccess(url, id);
}

/** Waits for its end; throws where that is not a good one. */
export async function waitForSuccess(url: string, id: string): Promise<InspectionStatus> {
  const status = await waitFor(url, id, ({ phase }) => FINAL.includes(phase));
  if (status.phase !== 'succeeded') {
    const why = `${status.reason ?? ''} ${status.message ?? ''}`;
    throw new Error(`${id} ended as ${status.phase}: ${why}`);
  }
  return status;
}

/** How long its run took, by its own times, milliseconds. */
export function runTime({ job }: InspectionStatus): number {
  return Date.parse(job.finished_at ?? '') - Date.parse(job.started_at ?? '');
}
