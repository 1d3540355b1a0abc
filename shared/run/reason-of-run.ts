import type { RunObservation } from '../inspection/observation.js';
import type { Reason } from '../inspection/reason.js';
import type { RawReport } from './raw-report.js';

/** 128 + SIGKILL: how a process ends that the kernel kills for want of memory. */
const KILLED = 137;

/**
 * Why a run did not succeed; undefined where it did. The cluster's reason wins, except for its
 * ScriptFailed: that is all it can say of an exit code, and the report may know more.
 */
export function reasonOfRun(
  observation: RunObservation | undefined,
  report: RawReport | undefined,
): Reason | undefined {
  const seen = observation?.reason;
  if (seen !== undefined && seen !== 'ScriptFailed') return seen;
  const believed = believeReport(observation, report);
  if (believed === undefined) return seen ?? reasonOfExitCode(observation?.exitCode);
  if (typeof believed.fetch_error === 'string') return 'ScriptNotFetched';
  const memoryRanOut = typeof believed.oom_kills === 'number' && believed.oom_kills > 0;
  if (believed.exit_code === KILLED && memoryRanOut) return 'OutOfMemory';
  return reasonOfExitCode(believed.exit_code);
}

/**
 * The report, unless it contradicts the cluster: our entrypoint ends with the script's exit code,
 * so a report with another one was forged, and whoever forged it did not live to the end.
 */
export function believeReport(
  observation: RunObservation | undefined,
  report: RawReport | undefined,
): RawReport | undefined {
  const seen = observation?.exitCode;
  if (report === undefined || (seen !== undefined && seen !== report.exit_code)) return undefined;
  return report;
}

function reasonOfExitCode(exitCode: number | undefined): Reason | undefined {
  if (exitCode === undefined) return 'Lost';
  return exitCode === 0 ? undefined : 'ScriptFailed';
}
