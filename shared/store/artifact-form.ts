import { AmunError } from '../errors/amun-error.js';

/** Unpacked, bytes; what is larger is neither stored nor believed. */
export const MAX_ARTIFACT_BYTES = 256 * 1024 * 1024;

/** What lies under an artifact's key: all of it, or where its parts are. */
export type ArtifactForm =
  | { readonly kind: 'whole'; readonly packed: Uint8Array }
  | { readonly kind: 'chunked'; readonly sequences: readonly number[] };

/** What is known of an artifact without unpacking it. */
export interface StoredArtifact {
  readonly form: ArtifactForm;
  /** Unpacked, bytes. */
  readonly size: number;
  /** SHA-256 of the unpacked content, hex. */
  readonly digest: string;
}

/** A message as it is written to the store and read back. */
export interface ArtifactMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const FORM = 'Amun-Form';
const SIZE = 'Amun-Size';
const DIGEST = 'Amun-Digest';

export function encodeArtifact({ form, size, digest }: StoredArtifact): ArtifactMessage {
  const body =
    form.kind === 'whole'
      ? form.packed
      : new TextEncoder().encode(JSON.stringify({ sequences: form.sequences }));
  return { headers: { [FORM]: form.kind, [SIZE]: String(size), [DIGEST]: digest }, body };
}

/** Throws Internal, naming the key, for what cannot have been written by encodeArtifact. */
export function decodeArtifact(
  key: string,
  header: (name: string) => string,
  body: Uint8Array,
): StoredArtifact {
  const size = Number(header(SIZE));
  const digest = header(DIGEST);
  if (!Number.isSafeInteger(size) || size < 0 || size > MAX_ARTIFACT_BYTES || digest === '') {
    throw damagedArtifact(key, 'its headers are not ours');
  }
  switch (header(FORM)) {
    case 'whole':
      return { form: { kind: 'whole', packed: body }, size, digest };
    case 'chunked':
      return { form: { kind: 'chunked', sequences: readSequences(key, body) }, size, digest };
    default:
      throw damagedArtifact(key, 'its headers are not ours');
  }
}

export function damagedArtifact(key: string, how: string, cause?: unknown): AmunError {
  return new AmunError('Internal', `The artifact ${key} is damaged: ${how}.`, { cause });
}

function readSequences(key: string, body: Uint8Array): number[] {
  try {
    const { sequences } = JSON.parse(new TextDecoder().decode(body)) as { sequences: unknown };
    const sound =
      Array.isArray(sequences) && sequences.every((each) => Number.isSafeInteger(each) && each > 0);
    if (sound) return sequences as number[];
  } catch {
    // Told below, as for every other list that is none.
  }
  throw damagedArtifact(key, 'its list of chunks cannot be read');
}
