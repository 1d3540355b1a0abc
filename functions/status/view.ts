import type { JobObservation, RunObservation } from '../../shared/inspection/observation.js';
import { isFinal, type Phase } from '../../shared/inspection/phase.js';
import type { Json, JsonObject } from '../../shared/inspection/specification.js';
import type { Snapshot } from './observe.js';

/** The words of the workflow engine that the original's status quoted. */
const WORKFLOW_PHASES: Readonly<Record<Phase, string>> = {
  queued: 'Pending',
  building: 'Running',
  running: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  cancelled: 'Failed',
};

/**
 * Build, job and workflow as clients of several generations read them: always objects, and the
 * state and start of build and job never null, since those raise while they read the answer.
 */
export function viewParts(snapshot: Snapshot): JsonObject {
  return {
    build: viewBuild(snapshot),
    job: viewJob(snapshot),
    workflow: viewWorkflow(snapshot),
    advice: viewAdvice(snapshot),
    data_stored: snapshot.record.exportedAt !== undefined,
  };
}

function viewBuild({ record, phase, build }: Snapshot): JsonObject {
  return {
    id: record.buildId,
    reused: record.buildReused,
    state: build?.state ?? (isFinal(phase) ? 'terminated' : 'waiting'),
    exit_code: build?.exitCode ?? null,
    reason: build?.reason ?? null,
    message: build?.message ?? null,
    position: build?.position ?? null,
    started_at: build?.startedAt ?? record.created,
    finished_at: build?.finishedAt ?? null,
    container: build?.image ?? null,
  };
}

/** null where no advice was asked, or nothing has come of it yet. */
function viewAdvice({ build }: Snapshot): JsonObject | null {
  const advice = build?.advice;
  if (advice === undefined) return null;
  const { state, message, analysisId } = advice;
  return { state, message, analysis_id: analysisId ?? null };
}

/** A job that will never run (build only, or the build failed) is terminated, without completions. */
function viewJob({ record, phase, job, build }: Snapshot): JsonObject {
  const over = isFinal(phase) || (!record.hasScript && build?.state === 'terminated');
  const runs = job?.runs ?? [];
  return {
    state: job?.state ?? (over ? 'terminated' : 'waiting'),
    completions: record.hasScript && !(over && job === undefined) ? record.batchSize : 0,
    succeeded: runs.filter((run) => run.exitCode === 0 && run.reason === undefined).length,
    reason: job?.reason ?? null,
    message: job?.message ?? null,
    position: job?.position ?? null,
    exit_code: exitCodeOf(job),
    started_at: job?.startedAt ?? record.created,
    finished_at: job?.finishedAt ?? null,
    runs: runs.map(viewRun),
  };
}

/** The first exit code other than 0, else 0; null while runs are missing. */
function exitCodeOf(job: JobObservation | undefined): number | null {
  if (job?.state !== 'terminated') return null;
  const codes = job.runs.map((run) => run.exitCode ?? null);
  return codes.find((code) => code !== 0 && code !== null) ?? (codes.includes(null) ? null : 0);
}

function viewRun(run: RunObservation): Json {
  return {
    item: run.item,
    state: run.state,
    exit_code: run.exitCode ?? null,
    reason: run.reason ?? null,
    message: run.message ?? null,
  };
}

function viewWorkflow({ record, phase }: Snapshot): JsonObject {
  return {
    phase: WORKFLOW_PHASES[phase],
    startedAt: record.created,
    finishedAt: record.finished ?? null,
    message: record.message ?? null,
  };
}
