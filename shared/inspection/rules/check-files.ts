import { posix } from 'node:path';
import type { Finding } from '../../errors/amun-error.js';
import type { SpecificationFile } from '../specification.js';
import { jsonPointer, quoteText } from '../validation/json-pointer.js';
import { findControlCharacter } from './control-characters.js';

/** Folders of the kernel and of Amun itself: a file of the image would never be seen there. */
const RESERVED_FOLDERS = ['/proc', '/sys', '/dev', '/amun', '/home/amun/hwinfo'];

/** What is put in place when a container starts, over whatever the image has there. */
const RESERVED_FILES = [
  '/etc/hosts',
  '/etc/hostname',
  '/etc/resolv.conf',
  '/home/amun/script',
  '/home/amun',
];

const MAX_SEGMENT_BYTES = 255;

/** The absolute path without empty and "." segments. Call it on a checked path. */
export function normalisePath(path: string): string {
  return posix.normalize(`/${path}`);
}

/** Every file must have a place of its own in the image's file system. */
export function checkFiles(files: readonly SpecificationFile[]): Finding[] {
  const findings: Finding[] = [];
  const known = new Map<string, number>();
  for (const [index, { path }] of files.entries()) {
    const why = explainPath(path) ?? explainClash(normalisePath(path), known);
    if (why === undefined) known.set(normalisePath(path), index);
    else
      findings.push({ pointer: jsonPointer('files', index, 'path'), message: describe(path, why) });
  }
  return [...findings, ...findFilesUsedAsFolders(known)];
}

function describe(path: string, why: string): string {
  return `The path ${quoteText(path)} cannot be written: ${why}.`;
}

function explainPath(path: string): string | undefined {
  if (path === '') return 'it is empty; name a file, for example "/opt/app/config.ini"';
  const control = findControlCharacter(path);
  if (control !== undefined) return `it holds the control character ${control}; leave it out`;
  const segments = path.split('/');
  if (segments.includes('..')) return 'it must not contain ".."; write where the file is to be';
  if (['', '.'].includes(segments.at(-1) ?? ''))
    return 'it names a folder; end it with a file name';
  if (segments.some((segment) => Buffer.byteLength(segment) > MAX_SEGMENT_BYTES)) {
    return `a name in it is longer than ${MAX_SEGMENT_BYTES} bytes; shorten it`;
  }
  return explainReserved(normalisePath(path));
}

function explainReserved(path: string): string | undefined {
  const folder = RESERVED_FOLDERS.find((name) => path === name || path.startsWith(`${name}/`));
  if (folder !== undefined) return `${folder} is not part of the image; choose another folder`;
  if (RESERVED_FILES.includes(path))
    return 'something else is put there in every run; choose another';
  return undefined;
}

function explainClash(path: string, known: ReadonlyMap<string, number>): string | undefined {
  const first = known.get(path);
  return first === undefined ? undefined : `files[${first}] has it already; keep one of the two`;
}

/** "/a" and "/a/b" cannot both be files. */
function findFilesUsedAsFolders(known: ReadonlyMap<string, number>): Finding[] {
  const findings: Finding[] = [];
  for (const [path, index] of known) {
    for (let parent = posix.dirname(path); parent !== '/'; parent = posix.dirname(parent)) {
      const other = known.get(parent);
      if (other === undefined) continue;
      const message = describe(
        path,
        `files[${other}] is a file at ${quoteText(parent)}; move one of them`,
      );
      findings.push({ pointer: jsonPointer('files', index, 'path'), message });
      break;
    }
  }
  return findings;
}
