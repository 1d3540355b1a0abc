import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AmunError } from '../../errors/amun-error.js';
import type { ContextFile } from '../../inspection/build-context.js';
import type { BuildRequest, ClusterRef, JobRequest } from '../port.js';
import { createFolderWhole } from './atomic-file.js';
import { folderOf, isId, REQUEST_FILE, type Layout } from './layout.js';

/** A build as its folder tells it; the context lies beside it. */
export type StoredBuild = Omit<BuildRequest, 'context'> & { readonly requestedAt: string };

/** A file that is mounted into runs: the n-th of `files/`. */
export interface StoredFile {
  readonly path: string;
  readonly mode: number;
}

/** A job as its folder tells it; what its files contain lies beside it. */
export type StoredJob = Omit<JobRequest, 'files'> & {
  readonly files: readonly StoredFile[];
  readonly requestedAt: string;
};

/** Stores a request for a build; false where there is one under this id. */
export function storeBuild(layout: Layout, request: BuildRequest): Promise<boolean> {
  const { context, ...rest } = request;
  return store(layout, { kind: 'build', id: request.id }, rest, async (folder) => {
    for (const file of context.files) await writeContextFile(folder, file);
  });
}

/** Stores a request for a job; false where there is one under this id. */
export function storeJob(layout: Layout, request: JobRequest): Promise<boolean> {
  const files = request.files.map((file) => ({ path: mountPoint(file), mode: file.mode }));
  return store(layout, { kind: 'job', id: request.id }, { ...request, files }, async (folder) => {
    await mkdir(path.join(folder, 'files'));
    for (const [index, { content, mode }] of request.files.entries()) {
      await writeWithMode(storedFilePath(folder, index), content, mode);
    }
  });
}

/** Where the n-th file of a job lies. */
export function storedFilePath(jobFolder: string, index: number): string {
  return path.join(jobFolder, 'files', String(index));
}

/** The build context's folder. */
export function contextFolder(buildFolder: string): string {
  return path.join(buildFolder, 'context');
}

async function store(
  layout: Layout,
  ref: ClusterRef,
  request: object,
  fill: (folder: string) => Promise<void>,
): Promise<boolean> {
  if (!isId(ref.id)) {
    throw new AmunError('InvalidRequest', `"${ref.id}" is no DNS label, so no ${ref.kind}'s id.`);
  }
  return createFolderWhole(folderOf(layout, ref), async (folder) => {
    await fill(folder);
    const stored = { ...request, requestedAt: new Date().toISOString() };
    await writeFile(path.join(folder, REQUEST_FILE), JSON.stringify(stored));
  });
}

async function writeContextFile(folder: string, file: ContextFile): Promise<void> {
  const context = contextFolder(folder);
  const target = path.resolve(context, file.path);
  if (!target.startsWith(context + path.sep)) {
    throw new AmunError('InvalidRequest', `"${file.path}" leads out of the build context.`);
  }
  await mkdir(path.dirname(target), { recursive: true });
  await writeWithMode(target, file.content, file.mode);
}

/** Modes are given as they are to be: the process's umask has no say. */
async function writeWithMode(target: string, content: string, mode: number): Promise<void> {
  await writeFile(target, content);
  await chmod(target, mode);
}

function mountPoint(file: ContextFile): string {
  if (path.posix.isAbsolute(file.path) && !/[:,\0\n]/.test(file.path)) return file.path;
  throw new AmunError(
    'InvalidRequest',
    `"${file.path}" cannot be mounted: give an absolute path without colon, comma or line break.`,
  );
}
