import { mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { writeWhole } from '../../../shared/cluster/local/atomic-file.js';
import {
  buildAttemptFolder,
  folderOf,
  imageRecordFile,
  LOG_FILE,
  REQUEST_FILE,
  runAttemptFolder,
  STATUS_FILE,
} from '../../../shared/cluster/local/layout.js';
import {
  hasMark,
  listIds,
  readBuild,
  readJob,
} from '../../../shared/cluster/local/read-cluster.js';
import type { ClusterRef } from '../../../shared/cluster/port.js';
import type { BuildObservation, RunObservation } from '../../../shared/inspection/observation.js';
import type { Stage } from './open-stage.js';

export const BUILD_LOG = 'STEP 1/2: FROM fedora:40\nSTEP 2/2: COMMIT\n';
export const STARTED = '2026-01-01T12:01:00.000Z';
export const FINISHED = '2026-01-01T12:02:00.000Z';

/** How what the agent carries out ends; by default well. */
export interface AgentPlan {
  readonly build?: Partial<BuildObservation>;
  /** What the build prints; by default BUILD_LOG. */
  readonly buildLog?: string;
  readonly run?: (item: number) => Partial<RunObservation>;
}

/** What a run's container wrote, in the format of the run's entrypoint. */
export function runLog(item: number): string {
  return `\x1eamun:0a1b2c3d:h:1\nhello from run ${item}\n`;
}

/**
 * One round of the local cluster's agent: ends whatever was asked for, as cancelled where that is
 * marked, and throws away at once what was collected. @returns how many things it did
 */
export async function playAgent(stage: Stage, plan: AgentPlan = {}): Promise<number> {
  let done = 0;
  for (const kind of ['build', 'job'] as const) {
    for (const id of await listIds(stage.layout, kind)) {
      const ref = { kind, id };
      if (await hasMark(stage.layout, ref, 'collected')) {
        await clear(stage, ref);
        continue;
      }
      const isCancelled = await hasMark(stage.layout, ref, 'cancel');
      const isDone = kind === 'build' ? endBuild : endJob;
      if (await isDone(stage, id, isCancelled ? CANCELLED : plan)) done += 1;
    }
  }
  return done;
}

const CANCELLED: AgentPlan = {
  build: { reason: 'Cancelled' },
  run: () => ({ reason: 'Cancelled' }),
};

/** Ends a build. False where it had ended. */
export async function endBuild(stage: Stage, id: string, plan: AgentPlan = {}): Promise<boolean> {
  const { layout } = stage;
  if ((await readBuild(layout, id))?.state === 'terminated') return false;
  const folder = buildAttemptFolder(layout, id, 1);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, LOG_FILE), plan.buildLog ?? BUILD_LOG);
  const ended = { state: 'terminated', startedAt: STARTED, finishedAt: FINISHED } as const;
  const image = imageOf(id);
  const isGood = plan.build?.reason === undefined;
  if (isGood) await writeImage(stage, image);
  const outcome = isGood ? { exitCode: 0, image } : { exitCode: 1 };
  await writeStatus(
    stage,
    { kind: 'build', id },
    {
      attempt: 1,
      observation: { ...ended, ...outcome, ...plan.build },
    },
  );
  return true;
}

/** Writes that a build is under way. */
export function startBuildInCluster(stage: Stage, id: string): Promise<void> {
  const observation = { state: 'running', startedAt: STARTED };
  return writeStatus(stage, { kind: 'build', id }, { attempt: 1, observation });
}

/** Ends all runs of a job that have not ended. False where they had ended. */
export async function endJob(stage: Stage, id: string, plan: AgentPlan = {}): Promise<boolean> {
  const job = await readJob(stage.layout, id);
  if (job === undefined || job.state === 'terminated') return false;
  await writeRuns(stage, id, (item) => {
    const seen = job.runs[item];
    if (seen?.state === 'terminated') return seen;
    const ended = { state: 'terminated', startedAt: STARTED, finishedAt: FINISHED } as const;
    return { ...ended, exitCode: 0, ...plan.run?.(item) };
  });
  return true;
}

/** Writes how the runs of a job are; those that have begun have a log. */
export async function writeRuns(
  stage: Stage,
  id: string,
  observe: (item: number) => Omit<RunObservation, 'item'>,
): Promise<void> {
  const job = await readJob(stage.layout, id);
  const runs = (job?.runs ?? []).map(({ item }) => ({
    attempt: 1,
    observation: { ...observe(item), item },
  }));
  for (const { observation } of runs) {
    if (observation.state === 'waiting') continue;
    const folder = runAttemptFolder(stage.layout, id, observation.item, 1);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, LOG_FILE), runLog(observation.item));
  }
  await writeStatus(stage, { kind: 'job', id }, { runs });
}

/** The image that a build makes here. */
export function imageOf(buildId: string): string {
  const hex = Buffer.from(buildId).toString('hex').padEnd(64, '0').slice(-64);
  return `sha256:${hex}`;
}

async function writeImage(stage: Stage, image: string): Promise<void> {
  const file = imageRecordFile(stage.layout, image)!;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify({ image, tag: 'test', buildId: 'test' }));
}

/** Takes an image away, as the sweep of old ones does. */
export function removeImage(stage: Stage, image: string): Promise<void> {
  return rm(imageRecordFile(stage.layout, image)!, { force: true });
}

/** Forgets a build or job, as if the cluster had lost it. */
export function loseFromCluster(stage: Stage, ref: ClusterRef): Promise<void> {
  return rm(folderOf(stage.layout, ref), { recursive: true, force: true });
}

/** What was asked for, as the cluster keeps it. */
export async function readRequest(stage: Stage, ref: ClusterRef): Promise<Record<string, unknown>> {
  const text = await readFile(path.join(folderOf(stage.layout, ref), REQUEST_FILE), 'utf8');
  return JSON.parse(text) as Record<string, unknown>;
}

/** What the agent does with what was collected: its logs go, the folder stays for a while. */
export async function clear(stage: Stage, ref: ClusterRef): Promise<void> {
  const folder = folderOf(stage.layout, ref);
  for (const name of ['attempts', 'runs', 'context', 'files']) {
    await rm(path.join(folder, name), { recursive: true, force: true });
  }
}

/** Touches the folder as well, which is what a watch sees. */
async function writeStatus(stage: Stage, ref: ClusterRef, status: object): Promise<void> {
  const folder = folderOf(stage.layout, ref);
  await writeWhole(path.join(folder, STATUS_FILE), JSON.stringify(status));
  await utimes(folder, new Date(), new Date());
}
