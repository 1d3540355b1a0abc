import { createHash } from 'node:crypto';
import type { InspectionRecord } from '../inspection/record.js';
import type { JsonObject } from '../inspection/specification.js';
import { SUBJECTS, type AmunEvent, type Subject } from './event.js';

/** Of a dead letter's body and of free text in events, in characters: an event stays small. */
const MAX_BODY = 128 * 1024;
const MAX_TEXT = 4096;

/** Makes a repeated event one of its own, so that the bus does not take it for a duplicate. */
export interface HintOptions {
  /** For example the number of the reconciler's round: the same hint is the same event. */
  readonly hint?: string;
  readonly time?: Date;
}

/** An inspection was accepted. */
export function createInspectionSubmitted(record: InspectionRecord): AmunEvent {
  return event(SUBJECTS.inspectionSubmitted, '/amun/submit', record.id, record.created, {
    inspection_id: record.id,
    build_id: record.buildId,
    batch_size: record.batchSize,
  });
}

/** How far an inspection has come. */
export interface Progress {
  readonly phase: 'building' | 'running';
  readonly runsEnded: number;
  /** How many quarters of the runs have ended: 0 to 3. */
  readonly quarters: number;
}

/** An inspection has come further: one event for each phase, and for each quarter of the runs. */
export function createInspectionProgress(
  { id, batchSize }: Pick<InspectionRecord, 'id' | 'batchSize'>,
  { phase, runsEnded, quarters }: Progress,
  time = new Date(),
): AmunEvent {
  const made = event(SUBJECTS.inspectionProgress, '/amun/watcher', id, time.toISOString(), {
    inspection_id: id,
    phase,
    batch_size: batchSize,
    runs_ended: runsEnded,
  });
  const step = quarters === 0 ? phase : `${phase}-${25 * quarters}`;
  return { ...made, id: `${made.id}-${step}` };
}

/** A build has ended, well or not. */
export function createBuildComplete(buildId: string, options: HintOptions = {}): AmunEvent {
  const data = { build_id: buildId };
  return hinted(
    event(SUBJECTS.buildComplete, '/amun/watcher', buildId, timeOf(options), data),
    options,
  );
}

/** Every run of an inspection's job has ended. */
export function createJobComplete(inspectionId: string, options: HintOptions = {}): AmunEvent {
  const data = { inspection_id: inspectionId };
  return hinted(
    event(SUBJECTS.jobComplete, '/amun/watcher', inspectionId, timeOf(options), data),
    options,
  );
}

/** An inspection has ended and its results are stored. The record must be a finished one. */
export function createInspectionComplete(record: InspectionRecord): AmunEvent {
  const finished = record.finished ?? new Date().toISOString();
  return event(SUBJECTS.inspectionComplete, '/amun/inspection', record.id, finished, {
    inspection_id: record.id,
    build_id: record.buildId,
    phase: record.phase,
    force_sync: record.forceSync,
    batch_size: record.batchSize,
    finished,
    ...(record.reason === undefined ? {} : { reason: record.reason }),
    ...(record.message === undefined ? {} : { message: record.message.slice(0, MAX_TEXT) }),
  });
}

/** A message that its function did not take. */
export interface DeadLetter {
  /** Name of the function. */
  readonly function: string;
  /** The subject the message came on. */
  readonly topic: string;
  readonly body: Uint8Array;
  readonly attempts: number;
  /** One sentence. */
  readonly reason: string;
  /** The HTTP status of the last try, where there was an answer. */
  readonly status?: number;
  /** What the function answered last; its beginning is kept. */
  readonly answer?: string;
  /** Tells messages of the same body apart: the id of the event or of the call. */
  readonly messageId?: string;
}

/** A message was given up. Giving up the same message twice makes the same event. */
export function createDeadLetter(letter: DeadLetter, time = new Date()): AmunEvent {
  const identity = createHash('sha256');
  identity.update(`${letter.function}\0${letter.topic}\0`).update(letter.messageId ?? letter.body);
  const { body, encoding } = decodeBody(letter.body);
  const made = event(SUBJECTS.deadLetter, '/amun/connector', letter.function, time.toISOString(), {
    function: letter.function,
    topic: letter.topic,
    attempts: letter.attempts,
    reason: letter.reason.slice(0, MAX_TEXT),
    ...(letter.status === undefined ? {} : { status: letter.status }),
    ...(letter.answer === undefined ? {} : { answer: letter.answer.slice(0, MAX_TEXT) }),
    ...(encoding === undefined ? {} : { encoding }),
    body: body.slice(0, MAX_BODY),
    truncated: body.length > MAX_BODY,
  });
  return { ...made, id: `dead-letter-${identity.digest('hex').slice(0, 32)}` };
}

function decodeBody(bytes: Uint8Array): { body: string; encoding?: 'base64' } {
  try {
    return { body: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { body: Buffer.from(bytes).toString('base64'), encoding: 'base64' };
  }
}

function event(
  type: Subject,
  source: string,
  subject: string,
  time: string,
  data: JsonObject,
): AmunEvent {
  return {
    specversion: '1.0',
    // "amun.build.complete" about build-7 is build-complete-build-7: the same each time.
    id: `${type.replace('amun.', '').replaceAll('.', '-')}-${subject}`,
    type,
    source,
    subject,
    time,
    datacontenttype: 'application/json',
    data,
  };
}

function hinted(made: AmunEvent, { hint }: HintOptions): AmunEvent {
  return hint === undefined ? made : { ...made, id: `${made.id}-${hint}` };
}

function timeOf({ time = new Date() }: HintOptions): string {
  return time.toISOString();
}
