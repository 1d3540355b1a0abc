import type { Json } from '../inspection/specification.js';

/** Subjects (and topic annotations): others rely on them. */
export const SUBJECTS = {
  inspectionSubmitted: 'amun.inspection.submitted',
  inspectionProgress: 'amun.inspection.progress',
  buildComplete: 'amun.build.complete',
  jobComplete: 'amun.job.complete',
  inspectionComplete: 'amun.inspection.complete',
  deadLetter: 'amun.dead-letter',
} as const;

export type Subject = (typeof SUBJECTS)[keyof typeof SUBJECTS];

/** A CloudEvents 1.0 event in structured JSON; `type` equals the NATS subject. */
export interface AmunEvent {
  readonly specversion: '1.0';
  /** Deterministic: the same happening has the same id, so the bus drops its second copy. */
  readonly id: string;
  readonly type: Subject;
  /** "/amun/submit", "/amun/watcher", … */
  readonly source: string;
  /** Id of the inspection or build it is about. */
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: { readonly [key: string]: Json };
}
