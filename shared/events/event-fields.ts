import type { Subject } from './event.js';

/** What a field of an event's data holds. */
export type FieldKind =
  | 'inspection id'
  | 'build id'
  | 'phase'
  | 'stage'
  | 'reason'
  | 'text'
  | 'boolean'
  | 'integer'
  | 'time';

export interface EventField {
  readonly kind: FieldKind;
  readonly optional?: true;
  /** One sentence for people; docs/events.md shows it. */
  readonly meaning: string;
}

export interface EventDescription {
  /** What the event's `subject` names. */
  readonly about: 'inspection' | 'build' | 'function';
  readonly fields: Readonly<Record<string, EventField>>;
}

const INSPECTION_ID: EventField = { kind: 'inspection id', meaning: 'The inspection.' };
const BUILD_ID: EventField = { kind: 'build id', meaning: 'The build.' };

/** The data of every type of event: what is written, read, and documented. */
export const EVENT_FIELDS: Readonly<Record<Subject, EventDescription>> = {
  'amun.inspection.submitted': {
    about: 'inspection',
    fields: {
      inspection_id: INSPECTION_ID,
      build_id: { kind: 'build id', meaning: 'The build it uses.' },
      batch_size: { kind: 'integer', meaning: 'How many runs it asks for.' },
    },
  },
  'amun.inspection.progress': {
    about: 'inspection',
    fields: {
      inspection_id: INSPECTION_ID,
      phase: { kind: 'stage', meaning: 'What goes on: building or running.' },
      batch_size: { kind: 'integer', meaning: 'How many runs it asks for.' },
      runs_ended: { kind: 'integer', meaning: 'How many of them have ended, well or not.' },
    },
  },
  'amun.build.complete': { about: 'build', fields: { build_id: BUILD_ID } },
  'amun.job.complete': { about: 'inspection', fields: { inspection_id: INSPECTION_ID } },
  'amun.inspection.complete': {
    about: 'inspection',
    fields: {
      inspection_id: INSPECTION_ID,
      build_id: { kind: 'build id', meaning: 'The build it used.' },
      phase: { kind: 'phase', meaning: 'How it ended: succeeded, failed or cancelled.' },
      force_sync: { kind: 'boolean', meaning: 'As the specification says.' },
      batch_size: { kind: 'integer', meaning: 'How many runs it asked for.' },
      finished: { kind: 'time', meaning: 'When it ended.' },
      reason: { kind: 'reason', optional: true, meaning: 'Why it did not succeed.' },
      message: { kind: 'text', optional: true, meaning: "The cluster's own words." },
    },
  },
  'amun.dead-letter': {
    about: 'function',
    fields: {
      function: { kind: 'text', meaning: 'The function that did not take the message.' },
      topic: { kind: 'text', meaning: 'The subject the message came on.' },
      attempts: { kind: 'integer', meaning: 'How often it was tried.' },
      reason: { kind: 'text', meaning: 'Why it was given up.' },
      status: { kind: 'integer', optional: true, meaning: 'The last HTTP status, if any came.' },
      answer: { kind: 'text', optional: true, meaning: 'The beginning of the last answer.' },
      body: { kind: 'text', meaning: 'The message as text.' },
      encoding: {
        kind: 'text',
        optional: true,
        meaning: '"base64" where the message is not text in UTF-8.',
      },
      truncated: { kind: 'boolean', meaning: 'True where the body is cut.' },
    },
  },
};
