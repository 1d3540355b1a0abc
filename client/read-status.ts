import { asArray, asNumber, asObject, asText } from '../shared/json/read-json.js';
import type { InspectionStatus, InspectionSummary, PartStatus, RunStatus } from './answers.js';
import { readAdviceStatus } from './read-advice.js';

/** A status answer; what the service leaves out is null, 0 or empty. */
export function readStatus(body: unknown): InspectionStatus {
  const fields = asObject(body);
  const build = asObject(fields['build']);
  const job = asObject(fields['job']);
  return {
    ...readSummary(body),
    message: asText(fields['message']) ?? null,
    position: asNumber(fields['position']) ?? null,
    build: {
      ...readPart(build),
      exit_code: asNumber(build['exit_code']) ?? null,
      reused: build['reused'] === true,
    },
    job: {
      ...readPart(job),
      completions: asNumber(job['completions']) ?? 0,
      succeeded: asNumber(job['succeeded']) ?? 0,
      runs: asArray(job['runs']).map(readRun),
    },
    advice: readAdviceStatus(fields['advice']),
  };
}

/** One line of a list. */
export function readSummary(body: unknown): InspectionSummary {
  const fields = asObject(body);
  return {
    inspection_id: asText(fields['inspection_id']) ?? '',
    phase: asText(fields['phase']) ?? 'unknown',
    reason: asText(fields['reason']) ?? null,
    created: asText(fields['created']) ?? null,
    finished: asText(fields['finished']) ?? null,
    labels: readLabels(fields['labels']),
  };
}

function readLabels(body: unknown): Readonly<Record<string, string>> {
  const labels = Object.entries(asObject(body)).flatMap(([key, value]) => {
    const text = asText(value);
    return text === undefined ? [] : [[key, text] as const];
  });
  return Object.fromEntries(labels);
}

function readPart(fields: Readonly<Record<string, unknown>>): PartStatus {
  return {
    state: asText(fields['state']) ?? 'waiting',
    position: asNumber(fields['position']) ?? null,
    reason: asText(fields['reason']) ?? null,
    message: asText(fields['message']) ?? null,
  };
}

function readRun(body: unknown): RunStatus {
  const fields = asObject(body);
  return {
    item: asNumber(fields['item']) ?? 0,
    state: asText(fields['state']) ?? 'waiting',
    exit_code: asNumber(fields['exit_code']) ?? null,
    reason: asText(fields['reason']) ?? null,
    message: asText(fields['message']) ?? null,
  };
}
