import type { Advice } from '../../client/answers.js';
import { sayAdvice } from './describe-advice-status.js';
import { formatTable } from './format-table.js';
import { harmlessLine } from './harmless-text.js';

/** The versions that Thoth recommends instead of those that were sent, and all that it said. */
export function describeAdvice(advice: Advice): string {
  const { changes, score, stack_info, justification } = advice;
  const first = `${sayAdvice(advice)}\n${score === null ? '' : `Its score: ${score}.\n`}`;
  const versions = changes.map(({ package: name, from, to }) =>
    [name, from ?? '-', to ?? '-'].map(harmlessLine),
  );
  const table = formatTable([['PACKAGE', 'SENT', 'RECOMMENDED'], ...versions]);
  return [
    first,
    versions.length === 0 ? '' : table,
    describeRemarks('Of the stack that was sent', stack_info),
    describeRemarks('Of the stack that it recommends', justification),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function describeRemarks(title: string, remarks: Advice['justification']): string {
  if (remarks.length === 0) return '';
  const rows = remarks.map(({ type, message, link }) => [
    `  ${harmlessLine(type)}`,
    [message, link].map(harmlessLine).join(' ').trim(),
  ]);
  return `${title}:\n${formatTable(rows)}`;
}
