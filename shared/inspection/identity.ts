import { createHash } from 'node:crypto';
import type { BuildContext, ContextFile } from './build-context.js';
import { isIdentifier } from './rules/check-identifier.js';
import type { Requests } from './specification.js';

const INSPECTION_ID = /^inspection-(?:(.*)-)?[0-9a-f]{16}$/;
const BUILD_ID = /^build-([0-9a-f]{32})-([1-9][0-9]{0,8})$/;
const RANDOM_BYTES = 8;

/** Changed when the way a build is made changes without its context showing it. */
const BUILD_KEY_VERSION = 'amun-build-1';

/** What a build's id consists of. */
export interface BuildIdentity {
  /** 32 hex digits. */
  readonly key: string;
  /** From 1. */
  readonly generation: number;
}

/**
 * A new inspection's id: `inspection-[identifier-]<16 hex>`, a DNS label with room for "-<item>".
 * @param random at least 8 random bytes, of which the first 8 count
 */
export function inspectionId(identifier: string | undefined, random: Uint8Array): string {
  if (random.length < RANDOM_BYTES) throw new RangeError('An id takes 8 random bytes.');
  const hex = Buffer.from(random.subarray(0, RANDOM_BYTES)).toString('hex');
  return identifier === undefined ? `inspection-${hex}` : `inspection-${identifier}-${hex}`;
}

/** True for what inspectionId could have made. */
export function isInspectionId(text: string): boolean {
  const match = INSPECTION_ID.exec(text);
  return match !== null && (match[1] === undefined || isIdentifier(match[1]));
}

/** The identifier in an inspection's id; undefined where it has none, or is no such id. */
export function identifierOf(id: string): string | undefined {
  return INSPECTION_ID.exec(id)?.[1];
}

/**
 * The identity of a stack, 128 bits as 32 hex digits: two builds have the same one exactly if they
 * are made of the same files (in whatever order) on the same kind of machine. CPU and memory change
 * how fast an image is built, not what is in it.
 */
export function buildKey(context: BuildContext, buildRequests: Requests): string {
  const hash = createHash('sha256');
  const add = (text: string): void => {
    // The length before each part keeps apart what would read the same once joined.
    hash.update(`${Buffer.byteLength(text)}:`).update(text);
  };
  add(BUILD_KEY_VERSION);
  add(canonicalHardware(buildRequests));
  for (const file of [...context.files].sort(compareFiles)) {
    add(file.path);
    add(file.mode.toString(8));
    add(file.content);
  }
  return hash.digest('hex').slice(0, 32);
}

/** `build-<key>-<generation>` */
export function buildId(key: string, generation: number): string {
  return `build-${key}-${generation}`;
}

/** What buildId put together, or undefined for anything else. */
export function parseBuildId(id: string): BuildIdentity | undefined {
  const [, key, generation] = BUILD_ID.exec(id) ?? [];
  if (key === undefined || generation === undefined) return undefined;
  return { key, generation: Number(generation) };
}

/** True for what buildId could have made. */
export function isBuildId(text: string): boolean {
  return BUILD_ID.test(text);
}

function canonicalHardware({ hardware }: Requests): string {
  const asked = Object.entries(hardware).filter(([, value]) => value !== undefined);
  return JSON.stringify(asked.sort(([left], [right]) => compareTexts(left, right)));
}

function compareFiles(left: ContextFile, right: ContextFile): number {
  return (
    compareTexts(left.path, right.path) ||
    left.mode - right.mode ||
    compareTexts(left.content, right.content)
  );
}

function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
