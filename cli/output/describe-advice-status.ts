import type { AdviceStatus, InspectionStatus } from '../../client/answers.js';
import { harmlessLine } from './harmless-text.js';

/** What came of asking Thoth, in one or two lines; none where nothing was asked, or nothing is known. */
export function describeAdviceStatus({ inspection_id, advice }: InspectionStatus): string[] {
  if (advice === null) return [];
  const first = sayAdvice(advice);
  return advice.state === 'taken' ? [first, `  and why: amun advice ${inspection_id}`] : [first];
}

/** What was done about advice, as one line. */
export function sayAdvice({ analysis_id, message }: AdviceStatus): string {
  const analysis = analysis_id === null ? '' : ` (${harmlessLine(analysis_id)})`;
  return `Thoth${analysis}: ${harmlessLine(message)}`;
}
