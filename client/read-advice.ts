import { asArray, asNumber, asObject, asText } from '../shared/json/read-json.js';
import type { Advice, AdviceStatus } from './answers.js';

/** What a status says of advice; null where none was asked, or nothing has come of it yet. */
export function readAdviceStatus(body: unknown): AdviceStatus | null {
  const fields = asObject(body);
  const state = asText(fields['state']);
  if (state === undefined) return null;
  return {
    state,
    message: asText(fields['message']) ?? '',
    analysis_id: asText(fields['analysis_id']) ?? null,
  };
}

/** All that is known of the advice. */
export function readAdvice(body: unknown): Advice {
  const fields = asObject(body);
  const status = readAdviceStatus(body) ?? { state: 'unknown', message: '', analysis_id: null };
  const lock = fields['requirements_locked'];
  return {
    ...status,
    score: asNumber(fields['score']) ?? null,
    stack_info: asArray(fields['stack_info']).map(readRemark),
    justification: asArray(fields['justification']).map(readRemark),
    changes: asArray(fields['changes']).map(readChange),
    requirements_locked: lock === null || lock === undefined ? null : asObject(lock),
  };
}

function readRemark(body: unknown): Advice['justification'][number] {
  const fields = asObject(body);
  return {
    type: asText(fields['type']) ?? '',
    message: asText(fields['message']) ?? '',
    link: asText(fields['link']) ?? '',
  };
}

function readChange(body: unknown): Advice['changes'][number] {
  const fields = asObject(body);
  return {
    package: asText(fields['package']) ?? '',
    from: asText(fields['from']) ?? null,
    to: asText(fields['to']) ?? null,
  };
}
