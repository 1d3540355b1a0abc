import { createHash } from 'node:crypto';
import type { RunObservation } from '../inspection/observation.js';
import type { Reason } from '../inspection/reason.js';
import {
  USAGE_FIELDS,
  type Report,
  type RuntimeEnvironment,
  type Usage,
} from '../inspection/report.js';
import { scriptUrl } from '../inspection/script-url.js';
import type { Json, JsonObject } from '../inspection/specification.js';
import { countCut } from './count-cut.js';
import type { ParsedRunLog } from './parse-run-log.js';
import { believeReport, reasonOfRun } from './reason-of-run.js';

/** Everything known of a run that has ended. */
export interface RunEvidence {
  readonly log: ParsedRunLog;
  readonly observation?: RunObservation;
  /** As in the specification: its text is hashed here where nothing in the image could. */
  readonly script?: string;
}

/** Larger output stays text: parsed JSON takes many times its size in memory. */
const MAX_JSON_BYTES = 4 * 1024 * 1024;

/** The report of a run: its own where it left a believable one, else what the cluster saw. */
export function makeReport({ log, observation, script }: RunEvidence): Report {
  const own = believeReport(observation, log.report);
  const told: JsonObject = own ?? {};
  const reason = reasonOfRun(observation, log.report);
  const cut = countCut(log);
  const started = asText(told.start_datetime) ?? observation?.startedAt ?? null;
  return {
    exit_code: own?.exit_code ?? observation?.exitCode ?? -1,
    stdout: readOutput(log.stdout),
    stderr: Buffer.from(log.stderr).toString('utf8'),
    script_sha256: hashOfScript(script) ?? asText(told.script_sha256) ?? '',
    usage: readUsage(told.usage),
    hwinfo: asObject(told.hwinfo),
    os_release: readTexts(told.os_release),
    runtime_environment: readRuntimeEnvironment(told.runtime_environment),
    start_datetime: started,
    end_datetime: asText(told.end_datetime) ?? observation?.finishedAt ?? null,
    datetime: started,
    hostname: asText(told.hostname) ?? '',
    reason: reason ?? null,
    message: asText(told.fetch_error) ?? observation?.message ?? noteLoss(log, reason),
    report_source: own === undefined ? 'observed' : 'entrypoint',
    stdout_cut: cut.stdout,
    stderr_cut: cut.stderr,
    oom_kills: asNumber(told.oom_kills) ?? 0,
  };
}

/** Every run that ends by itself ends its log with a report: where there is none, more may be missing. */
function noteLoss({ report }: ParsedRunLog, reason: Reason | undefined): string | null {
  if (report !== undefined || (reason !== undefined && reason !== 'ScriptFailed')) return null;
  return 'The end of its log is missing, and with it what the run wrote last may be.';
}

/** Output as JSON where that loses nothing, else as text ("3.10" is not the number 3.1). */
function readOutput(bytes: Uint8Array): Json {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (bytes.length > MAX_JSON_BYTES) return text;
  const trimmed = text.trim();
  try {
    const value = JSON.parse(trimmed) as Json;
    // Also proves that it can be written again: what is nested too deeply cannot.
    const written = JSON.stringify(value);
    // Clients refuse a report whose stdout is null.
    if (value === null) return text;
    return typeof value === 'object' || written === trimmed ? value : text;
  } catch {
    return text;
  }
}

function hashOfScript(script: string | undefined): string | undefined {
  if (script === undefined || scriptUrl(script) !== undefined) return undefined;
  return createHash('sha256').update(script).digest('hex');
}

function readUsage(value: Json | undefined): Usage {
  const given = asObject(value);
  return Object.fromEntries(
    USAGE_FIELDS.map((field) => [field, asNumber(given[field]) ?? null]),
  ) as Usage;
}

function readRuntimeEnvironment(value: Json | undefined): RuntimeEnvironment {
  const given = asObject(value);
  const hardware = asObject(given.hardware);
  const system = asObject(given.operating_system);
  return {
    cuda_version: asText(given.cuda_version) ?? null,
    hardware: {
      cpu_family: asNumber(hardware.cpu_family) ?? null,
      cpu_model: asNumber(hardware.cpu_model) ?? null,
    },
    operating_system: {
      name: asText(system.name) ?? null,
      version: asText(system.version) ?? null,
    },
    python_version: asText(given.python_version) ?? null,
  };
}

function readTexts(value: Json | undefined): Record<string, string> {
  const texts = Object.entries(asObject(value)).filter(([, text]) => typeof text === 'string');
  return Object.fromEntries(texts) as Record<string, string>;
}

function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function asText(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function asNumber(value: Json | undefined): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}
