import { asObject } from '../../../json/read-json.js';

/** Which object it is, and of which moment. */
export interface KubeMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** An object of the cluster. */
export interface KubeObject {
  readonly metadata: KubeMetadata;
  /** All of it but managedFields, as it came: to be parsed before it is believed. */
  readonly raw: unknown;
}

const MAX_NAME = 253;
const MAX_ID = 128;

/**
 * Reads an object; undefined where it has no name, uid or version that could be one. `raw` loses its
 * managedFields.
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
  return {
    metadata: { name, uid, resourceVersion, ...(namespace === undefined ? {} : { namespace }) },
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
