import type { JsonObject } from '../inspection/specification.js';

/** The object on a report line: an exit code for certain, the rest to be looked at with care. */
export interface RawReport extends JsonObject {
  exit_code: number;
}

/** The largest report line that is read. */
export const MAX_REPORT_BYTES = 1024 * 1024;

/** The report on a line (without its mark), or undefined where it is none. */
export function parseReportLine(line: Buffer): RawReport | undefined {
  if (line.length > MAX_REPORT_BYTES) return undefined;
  try {
    const value: unknown = JSON.parse(line.toString('utf8'));
    if (!isRawReport(value)) return undefined;
    // What is nested too deeply to be written again would fail later, out of reach.
    JSON.stringify(value);
    return value;
  } catch {
    return undefined;
  }
}

function isRawReport(value: unknown): value is RawReport {
  if (typeof value !== 'object' || value === null || !('exit_code' in value)) return false;
  const code = value.exit_code;
  return Number.isInteger(code) && (code as number) >= 0 && (code as number) <= 255;
}
