import { AmunError } from '../errors/amun-error.js';
import { isBuildId, isInspectionId } from '../inspection/identity.js';
import type { Json, JsonObject } from '../inspection/specification.js';
import { EVENT_FIELDS } from './event-fields.js';
import { SUBJECTS, type AmunEvent, type Subject } from './event.js';
import { readField } from './read-field.js';

/** Ours are a few hundred bytes; a dead letter carries the message it is about. */
export const MAX_EVENT_BYTES = 1024 * 1024;

const MAX_ID_LENGTH = 256;
const SUBJECT_SET: ReadonlySet<string> = new Set(Object.values(SUBJECTS));
const ATTRIBUTE = /^[\x21-\x7e]+$/;

/**
 * Reads an event as it came over the wire: CloudEvents 1.0 in structured JSON, of a type of ours,
 * about an inspection or build whose id can be one. Attributes and data that are not ours are left
 * out. Throws InvalidEvent with a sentence that names what is wrong.
 */
export function parseEvent(bytes: Uint8Array): AmunEvent {
  const envelope = readObject(decode(bytes), 'The event');
  if (envelope.specversion !== '1.0') throw invalid('specversion must be "1.0".');
  if (envelope.datacontenttype !== 'application/json') {
    throw invalid('datacontenttype must be "application/json".');
  }
  const type = readType(envelope.type);
  const subject = readAttribute(envelope, 'subject');
  checkSubject(type, subject);
  return {
    specversion: '1.0',
    id: readAttribute(envelope, 'id'),
    type,
    source: readAttribute(envelope, 'source'),
    subject,
    time: readField('time', 'time', envelope.time) as string,
    datacontenttype: 'application/json',
    data: readData(type, subject, readObject(envelope.data, 'data')),
  };
}

function decode(bytes: Uint8Array): unknown {
  if (bytes.byteLength > MAX_EVENT_BYTES) {
    throw invalid(`It has ${bytes.byteLength} bytes; at most ${MAX_EVENT_BYTES} are read.`);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch (error) {
    throw new AmunError('InvalidEvent', 'The event is not JSON in UTF-8.', { cause: error });
  }
}

function readObject(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(`${what} must be a JSON object.`);
  }
  return value as Record<string, unknown>;
}

function readType(value: unknown): Subject {
  if (typeof value !== 'string' || !SUBJECT_SET.has(value)) {
    throw invalid(`type must be one of ${[...SUBJECT_SET].join(', ')}.`);
  }
  return value as Subject;
}

function readAttribute(envelope: Readonly<Record<string, unknown>>, name: string): string {
  const value = envelope[name];
  if (typeof value !== 'string' || value.length > MAX_ID_LENGTH || !ATTRIBUTE.test(value)) {
    throw invalid(`${name} must be 1 to ${MAX_ID_LENGTH} printable ASCII characters, no spaces.`);
  }
  return value;
}

function checkSubject(type: Subject, subject: string): void {
  const { about } = EVENT_FIELDS[type];
  if (about === 'inspection' && !isInspectionId(subject)) {
    throw invalid(`subject must be the id of an inspection in an event of type ${type}.`);
  }
  if (about === 'build' && !isBuildId(subject)) {
    throw invalid(`subject must be the id of a build in an event of type ${type}.`);
  }
}

function readData(
  type: Subject,
  subject: string,
  given: Readonly<Record<string, unknown>>,
): JsonObject {
  const { about, fields } = EVENT_FIELDS[type];
  const data: Record<string, Json> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = given[name];
    if (value === undefined || value === null) {
      if (field.optional) continue;
      throw invalid(`data.${name} is missing.`);
    }
    data[name] = readField(`data.${name}`, field.kind, value);
  }
  // Whoever acts on the one must not be told something else by the other.
  const named = about === 'function' ? 'function' : `${about}_id`;
  if (data[named] !== subject) throw invalid(`data.${named} must equal subject.`);
  return data;
}

function invalid(sentence: string): AmunError {
  return new AmunError('InvalidEvent', sentence);
}
