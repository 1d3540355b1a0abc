import path from 'node:path';
import { createHash } from 'node:crypto';
import { AmunError } from '../../errors/amun-error.js';
import type { ClusterRef } from '../port.js';

/**
 * Where the local cluster keeps what. The adapter writes what is wanted (requests, marks), the
 * agent what it sees (status, logs); neither writes the other's files, and every file appears whole.
 *
 *     builds/<id>/  request.json  context/…  cancel  collected  status.json  attempts/<n>/…
 *     jobs/<id>/    request.json  files/<n>  cancel  collected  status.json  runs/<item>/<n>/…
 *     images/<hex>.json   queue.json   machine.json   engine.json   agent.pid
 */
export interface Layout {
  readonly root: string;
  /** Eight hex digits that tell this directory's containers and images from another's. */
  readonly stack: string;
}

/** The two marks a user can set on a build or job. */
export type Mark = 'cancel' | 'collected';

const DNS_LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/** The layout of the cluster that belongs to a stack's directory. */
export function layoutOf(directory: string): Layout {
  const root = path.join(path.resolve(directory), 'cluster');
  if (/[:,\n]/.test(root)) {
    throw new AmunError(
      'InvalidRequest',
      `${root} cannot hold the local cluster: container engines cannot mount paths with a colon, comma or line break; choose another directory.`,
    );
  }
  return { root, stack: createHash('sha256').update(root).digest('hex').slice(0, 8) };
}

/** True for what may be the id of a build or job: a DNS label, so never a path. */
export function isId(id: string): boolean {
  return DNS_LABEL.test(id);
}

/** The folder that holds all builds, or all jobs. */
export function kindFolder(layout: Layout, kind: ClusterRef['kind']): string {
  return path.join(layout.root, kind === 'build' ? 'builds' : 'jobs');
}

/** The folder of one build or job. */
export function folderOf(layout: Layout, ref: ClusterRef): string {
  return path.join(kindFolder(layout, ref.kind), ref.id);
}

/** The folder of one attempt at a build. */
export function buildAttemptFolder(layout: Layout, id: string, attempt: number): string {
  return path.join(folderOf(layout, { kind: 'build', id }), 'attempts', String(attempt));
}

/** The folder of one attempt at a run. */
export function runAttemptFolder(
  layout: Layout,
  id: string,
  item: number,
  attempt: number,
): string {
  const folder = folderOf(layout, { kind: 'job', id });
  return path.join(folder, 'runs', String(item), String(attempt));
}

export const REQUEST_FILE = 'request.json';
export const STATUS_FILE = 'status.json';
/** A build's output as it is; a run's as its engine writes it. */
export const LOG_FILE = 'log';

/** The order in which builds and jobs wait; written by the agent. */
export function queueFile(layout: Layout): string {
  return path.join(layout.root, 'queue.json');
}

/** What the machine has for builds and runs; written by the agent. */
export function machineFile(layout: Layout): string {
  return path.join(layout.root, 'machine.json');
}

/** What the probe of the container engine found out. */
export function engineFile(layout: Layout): string {
  return path.join(layout.root, 'engine.json');
}

/** The record of a built image; its modification time is that of the image's last use. */
export function imageRecordFile(layout: Layout, image: string): string | undefined {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(image)?.[1];
  return hex === undefined ? undefined : path.join(layout.root, 'images', `${hex}.json`);
}
