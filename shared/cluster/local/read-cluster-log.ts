import path from 'node:path';
import { AmunError } from '../../errors/amun-error.js';
import type { ClusterRef, LogOptions, LogTarget } from '../port.js';
import { buildAttemptFolder, folderOf, LOG_FILE, runAttemptFolder, type Layout } from './layout.js';
import { exists, hasMark, readJob, readStatus } from './read-cluster.js';
import { readLog, type LogPlace } from './read-log.js';
import type { BuildStatus, JobStatus } from './status.js';

/** The bytes of a build's or run's log. Throws NotFound where there is none of that name. */
export async function* readClusterLog(
  layout: Layout,
  target: LogTarget,
  options: LogOptions,
): AsyncGenerator<Uint8Array> {
  const ref: ClusterRef =
    'build' in target ? { kind: 'build', id: target.build } : { kind: 'job', id: target.job };
  const locate = (): Promise<LogPlace> =>
    'build' in target
      ? locateBuildLog(layout, target.build)
      : locateRunLog(layout, target.job, target.item);
  if (!(await exists(layout, ref)) || (await hasMark(layout, ref, 'collected'))) {
    throw new AmunError('NotFound', `There is no ${ref.kind} ${ref.id} with a log.`);
  }
  yield* readLog(folderOf(layout, ref), locate, options);
}

async function locateBuildLog(layout: Layout, id: string): Promise<LogPlace> {
  const status = await readStatus<BuildStatus>(layout, { kind: 'build', id });
  const attempt = status?.attempt ?? 0;
  const folder = attempt > 0 ? buildAttemptFolder(layout, id, attempt) : undefined;
  return {
    file: folder && path.join(folder, LOG_FILE),
    format: 'raw',
    isEnded: status?.observation.state === 'terminated',
  };
}

async function locateRunLog(layout: Layout, id: string, item: number): Promise<LogPlace> {
  const job = await readJob(layout, id);
  if (job?.runs[item] === undefined) {
    throw new AmunError('NotFound', `There is no run ${item} of job ${id}.`);
  }
  const status = await readStatus<JobStatus>(layout, { kind: 'job', id });
  const run = status?.runs[item];
  const attempt = run?.attempt ?? 0;
  const folder = attempt > 0 ? runAttemptFolder(layout, id, item, attempt) : undefined;
  return {
    file: folder && path.join(folder, LOG_FILE),
    format: run?.logFormat ?? 'raw',
    isEnded: run?.observation.state === 'terminated',
  };
}
