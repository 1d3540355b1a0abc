import type { OperationParameters } from '../../shared/api/generated/status.js';
import { AmunError } from '../../shared/errors/amun-error.js';
import type {
  InspectionFilter,
  LabelCondition,
} from '../../shared/inspection/inspection-filter.js';
import type { Json, JsonObject } from '../../shared/inspection/specification.js';

/** What can be asked of the list. */
export type ListQuery = OperationParameters['listInspections']['query'];

/** The filter that a query asks for. Throws InvalidRequest for a time that there is not. */
export function readFilter(query: ListQuery): InspectionFilter {
  const { phase, identifier, label } = query;
  const createdAfter = readTime(query, 'created_after');
  const createdBefore = readTime(query, 'created_before');
  return {
    ...(phase === undefined ? {} : { phases: new Set(phase) }),
    ...(identifier === undefined ? {} : { identifier }),
    ...(label === undefined ? {} : { labels: label.map(readLabel) }),
    ...(createdAfter === undefined ? {} : { createdAfter }),
    ...(createdBefore === undefined ? {} : { createdBefore }),
  };
}

/** What the list can be asked for besides pages. */
const FILTERS = [
  'phase',
  'identifier',
  'label',
  'created_after',
  'created_before',
  'cursor',
] as const satisfies readonly (keyof ListQuery)[];

/** The filters, and the cursor, that were given, as they were written. */
export function givenFilters(query: ListQuery): JsonObject {
  const given = FILTERS.filter((name) => query[name] !== undefined);
  // Parsed from text: texts and lists of them.
  return Object.fromEntries(given.map((name) => [name, query[name] as Json]));
}

/** `key`, or `key=value`. */
function readLabel(text: string): LabelCondition {
  const [key = '', value] = text.split('=');
  return value === undefined ? { key } : { key, value };
}

/** RFC 3339 as JSON Schema has it, which allows more than JavaScript reads. */
function readTime(query: ListQuery, name: 'created_after' | 'created_before'): number | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  const leapless = text
    .toUpperCase()
    .replace(' ', 'T')
    .replace(/:60(\.\d+)?/, ':59.999');
  const time = Date.parse(leapless);
  if (!Number.isNaN(time)) return time;
  throw new AmunError(
    'InvalidRequest',
    `${name} is ${JSON.stringify(text.slice(0, 80))}; write a time like 2026-01-31T12:00:00Z.`,
  );
}
