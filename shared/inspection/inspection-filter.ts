import { identifierOf } from './identity.js';
import type { Phase } from './phase.js';
import type { InspectionRecord } from './record.js';

/** That a label is there, and has a value where one is given. */
export interface LabelCondition {
  readonly key: string;
  readonly value?: string;
}

/** What an inspection must fulfil to be found; what is absent does not matter. */
export interface InspectionFilter {
  /** By what is recorded; an inspection in flight may be further than that. */
  readonly phases?: ReadonlySet<Phase>;
  readonly identifier?: string;
  /** All of them must hold. */
  readonly labels?: readonly LabelCondition[];
  /** Submitted later than that; ms since the epoch. */
  readonly createdAfter?: number;
  /** Submitted earlier than that; ms since the epoch. */
  readonly createdBefore?: number;
}

/** True where the record fulfils all of the filter. */
export function fitsFilter(record: InspectionRecord, filter: InspectionFilter): boolean {
  const { phases, identifier, labels = [], createdAfter, createdBefore } = filter;
  const created = Date.parse(record.created);
  return (
    (phases === undefined || phases.has(record.phase)) &&
    (identifier === undefined || identifierOf(record.id) === identifier) &&
    labels.every((condition) => hasLabel(record, condition)) &&
    (createdAfter === undefined || created > createdAfter) &&
    (createdBefore === undefined || created < createdBefore)
  );
}

function hasLabel({ labels = {} }: InspectionRecord, { key, value }: LabelCondition): boolean {
  return Object.hasOwn(labels, key) && (value === undefined || labels[key] === value);
}
