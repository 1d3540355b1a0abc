import { asArray, asObject } from '../../../json/read-json.js';
import { asText, asTexts } from '../read-fields.js';

/** Whose an object is. */
export interface OwnerReference {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: boolean;
}

/** What every object has. Times as the server wrote them. */
export interface KubeMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly ownerReferences: readonly OwnerReference[];
}

/** An object of the cluster. */
export interface KubeObject {
  readonly metadata: KubeMetadata;
  /** All of it but managedFields, as it came: to be parsed before it is believed. */
  readonly raw: unknown;
}

const MAX_NAME = 253;
const MAX_ID = 128;
const MAX_LABELS = 1000;
/** Kubernetes' own bounds: a label's key, its value, all annotations. */
const MAX_KEY = 317;
const MAX_LABEL = 63;
const MAX_ANNOTATIONS = 256 * 1024;
const MAX_OWNERS = 100;
const MAX_TIME = 64;

/**
 * Reads an object; undefined where it has no name, uid or version that could be one. What exceeds
 * the bounds of labels, annotations and owners is left out. `raw` loses its managedFields.
 */
export function parseKubeObject(raw: unknown): KubeObject | undefined {
  const found = asObject(asObject(raw)['metadata']);
  const name = asName(found['name'], MAX_NAME);
  const uid = asName(found['uid'], MAX_ID);
  const resourceVersion = parseVersion(found);
  if (name === undefined || uid === undefined || resourceVersion === undefined) return undefined;
  // Often half of an object, and of no use to us.
  Reflect.deleteProperty(found, 'managedFields');
  const namespace = asName(found['namespace'], MAX_NAME);
  const creationTimestamp = asTimestamp(found['creationTimestamp']);
  const deletionTimestamp = asTimestamp(found['deletionTimestamp']);
  return {
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid,
      resourceVersion,
      labels: parseLabels(found['labels']),
      annotations: parseAnnotations(found['annotations']),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
      ownerReferences: parseOwners(found['ownerReferences']),
    },
    raw,
  };
}

/** The version that an object's or a list's metadata says. */
export function parseVersion(metadata: unknown): string | undefined {
  return asName(asObject(metadata)['resourceVersion'], MAX_ID);
}

/** Never cut: a part of a name is another name. */
function asName(value: unknown, most: number): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > most) return undefined;
  return /[\s/\p{Cc}]/u.test(value) ? undefined : value;
}

function asTimestamp(value: unknown): string | undefined {
  const text = asText(value, MAX_TIME);
  return text === undefined || Number.isNaN(Date.parse(text)) ? undefined : text;
}

function parseLabels(value: unknown): Record<string, string> {
  const labels = Object.entries(asTexts(value)).slice(0, MAX_LABELS);
  return Object.fromEntries(
    labels.filter(([key, text]) => key.length <= MAX_KEY && text.length <= MAX_LABEL),
  );
}

function parseAnnotations(value: unknown): Record<string, string> {
  let left = MAX_ANNOTATIONS;
  const fitting = Object.entries(asTexts(value)).filter(([key, text]) => {
    left -= key.length + text.length;
    return left >= 0;
  });
  return Object.fromEntries(fitting);
}

function parseOwners(value: unknown): OwnerReference[] {
  return asArray(value)
    .slice(0, MAX_OWNERS)
    .flatMap((entry) => {
      const owner = asObject(entry);
      const kind = asName(owner['kind'], MAX_NAME);
      const name = asName(owner['name'], MAX_NAME);
      const uid = asName(owner['uid'], MAX_ID);
      if (kind === undefined || name === undefined || uid === undefined) return [];
      return [{ kind, name, uid, controller: owner['controller'] === true }];
    });
}
