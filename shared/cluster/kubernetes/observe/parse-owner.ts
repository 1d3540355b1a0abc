import { REASONS, type Reason } from '../../../inspection/reason.js';
import type { Requests } from '../../../inspection/specification.js';
import { asArray, asObject } from '../../../json/read-json.js';
import type { ClusterRef } from '../../port.js';
import {
  ANNOTATION_ATTEMPTS,
  ANNOTATION_BATCH_SIZE,
  ANNOTATION_CANCELLED,
  ANNOTATION_HELD,
  ANNOTATION_PREEMPTIONS,
  ANNOTATION_QUEUE,
  ANNOTATION_REFUSED,
  ANNOTATION_REQUESTS,
  isId,
  LABEL_ID,
  LABEL_KIND,
} from '../names.js';
import { keepByText } from '../keep-by-text.js';
import { parseRequests } from './parse-requests.js';
import { asInteger, asName, asText, asTexts, asTime } from '../read-fields.js';

/** What counts of the object that a build or job is. */
export interface OwnerSeen {
  readonly ref: ClusterRef;
  readonly uid: string;
  readonly createdAt: string;
  /** Number of runs; 1 for a build. */
  readonly items: number;
  readonly isCancelled: boolean;
  /** Why it has no pods yet, where the cluster said so. */
  readonly held?: string;
  /** Why it never gets pods. */
  readonly refusal?: { readonly reason: Reason; readonly message: string };
  /** What its pods ask of a node; undefined where that cannot be read. */
  readonly requests?: Requests;
  /** Attempts made, by item, where there was more than one. */
  readonly attempts: Readonly<Record<string, number>>;
  /** Those of them that do not count, by item: Kueue took the pod away. */
  readonly preemptions: Readonly<Record<string, number>>;
  /** Kueue's queue that its pods wait in. */
  readonly queue?: string;
}

/** The most runs that a job of ours has. */
const MOST_ITEMS = 1000;

/** An owner of ours by its metadata; undefined for anything else, also for one being removed. */
export function parseOwner(object: unknown): OwnerSeen | undefined {
  const meta = asObject(asObject(object)['metadata']);
  const labels = asTexts(meta['labels']);
  const annotations = asTexts(meta['annotations']);
  const ref = parseRef(labels[LABEL_KIND], labels[LABEL_ID]);
  const uid = asName(meta['uid'], 128);
  const createdAt = asTime(meta['creationTimestamp']);
  if (ref === undefined || uid === undefined || createdAt === undefined) return undefined;
  if (meta['name'] !== ref.id || meta['deletionTimestamp'] !== undefined) return undefined;
  const items = ref.kind === 'build' ? 1 : parseItems(annotations[ANNOTATION_BATCH_SIZE]);
  if (items === undefined) return undefined;
  const refusal = parseRefusal(annotations[ANNOTATION_REFUSED]);
  const requests = parseRequestsText(annotations[ANNOTATION_REQUESTS]);
  const held = asText(annotations[ANNOTATION_HELD]);
  const queue = asName(annotations[ANNOTATION_QUEUE], 63);
  // Spread at its beginning, each object would have a hidden class of its own, and ten thousand of them
  // be half as large again.
  return {
    ref,
    uid,
    createdAt,
    items,
    isCancelled: annotations[ANNOTATION_CANCELLED] === 'true',
    attempts: parseCounts(annotations[ANNOTATION_ATTEMPTS]),
    preemptions: parseCounts(annotations[ANNOTATION_PREEMPTIONS]),
    ...(queue === undefined ? {} : { queue }),
    ...(held === undefined ? {} : { held }),
    ...(refusal === undefined ? {} : { refusal }),
    ...(requests === undefined ? {} : { requests }),
  };
}

/** Kind and id as our labels have them. */
export function parseRef(kind: string | undefined, id: string | undefined): ClusterRef | undefined {
  if (kind !== 'build' && kind !== 'job') return undefined;
  return id !== undefined && isId(id) ? { kind, id } : undefined;
}

/** The uid of the ConfigMap that an object says to belong to. */
export function parseOwnerUid(references: unknown, ref: ClusterRef): string | undefined {
  const found = asArray(references)
    .map(asObject)
    .find((one) => one['kind'] === 'ConfigMap' && one['name'] === ref.id);
  return asName(found?.['uid'], 128);
}

function parseItems(text: string | undefined): number | undefined {
  if (text === undefined || !/^[1-9][0-9]{0,3}$/.test(text)) return undefined;
  return Number(text) <= MOST_ITEMS ? Number(text) : undefined;
}

function parseRefusal(text: string | undefined): OwnerSeen['refusal'] {
  if (text === undefined) return undefined;
  const reason = Object.keys(REASONS).find((name) => text.startsWith(`${name}: `));
  if (reason === undefined) return { reason: 'ClusterError', message: text.slice(0, 4096) };
  return { reason: reason as Reason, message: text.slice(reason.length + 2, 4096) };
}

/** Longer than any requests of ours: not to be kept. */
const MAX_KEPT_LENGTH = 1024;
const readRequests = (text: string): Requests | undefined => parseRequests(parseJson(text));
const keptRequests = keepByText(readRequests);

function parseRequestsText(text: string | undefined): Requests | undefined {
  if (text === undefined) return undefined;
  return text.length > MAX_KEPT_LENGTH ? readRequests(text) : keptRequests(text);
}

function parseJson(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined || text.length > 65_536) return {};
  try {
    return asObject(JSON.parse(text));
  } catch {
    return {};
  }
}

const NO_COUNTS: Readonly<Record<string, number>> = {};

function parseCounts(text: string | undefined): Readonly<Record<string, number>> {
  if (text === undefined) return NO_COUNTS;
  const entries = Object.entries(parseJson(text)).flatMap(([item, value]) => {
    const count = asInteger(value);
    return count !== undefined && count > 0 ? [[item, count] as const] : [];
  });
  return Object.fromEntries(entries);
}
