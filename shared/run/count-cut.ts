import type { Json, JsonObject } from '../inspection/specification.js';
import type { ParsedRunLog } from './parse-run-log.js';

/** Bytes of output that are missing from each stream. */
export interface CutBytes {
  readonly stdout: number;
  readonly stderr: number;
}

/** What is missing: cut inside the run, not kept by us, or lost on the way (a rotated log). */
export function countCut(log: ParsedRunLog): CutBytes {
  const told: JsonObject = log.report ?? {};
  return {
    stdout: missing(log.stdout, log.stdoutDropped, told.stdout_bytes, told.stdout_cut),
    stderr: missing(log.stderr, log.stderrDropped, told.stderr_bytes, told.stderr_cut),
  };
}

function missing(kept: Uint8Array, dropped: number, passed?: Json, cut?: Json): number {
  const lost = Math.max(0, count(passed) - kept.length - dropped);
  return count(cut) + dropped + lost;
}

function count(value: Json | undefined): number {
  return typeof value === 'number' && value >= 0 ? value : 0;
}
