import { mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { orUndefined } from '../../../shared/cluster/local/atomic-file.js';
import { callEngine, commandLine } from '../../../shared/cluster/local/engine/call-engine.js';
import { buildAttemptFolder, folderOf, LOG_FILE } from '../../../shared/cluster/local/layout.js';
import { contextFolder, type StoredBuild } from '../../../shared/cluster/local/request-file.js';
import type { Reason } from '../../../shared/inspection/reason.js';
import type { AgentContext } from '../agent-context.js';
import { buildArguments } from './build-arguments.js';
import { judgeBuild, type BuildVerdict } from './build-outcome.js';
import { cgroupMembers, hasOomKill, removeCgroup } from '../machine/cgroup.js';
import {
  detachedMembers,
  rejoinDetached,
  runDetached,
  type CommandEnd,
} from '../machine/detached-command.js';
import { imageTag } from './image-tag.js';
import { findOomKill } from '../machine/kernel-log.js';
import { signalAll } from '../machine/process-table.js';
import { removeAbandonedContainers, removeWorkingContainers } from './working-containers.js';
import { placeOperatorFiles } from '../place-operator-files.js';

const IMAGE_ID_FILE = 'image-id';
const TAIL_BYTES = 16 * 1024;
/** What a build may take to put its storage in order when it is asked to stop. */
const GRACE_MS = 2000;
const POLL_MS = 50;

/** How one attempt ended. */
export interface AttemptEnd {
  readonly verdict: BuildVerdict;
  readonly finishedAt: string;
}

/** One attempt at a build: a detached command, its folder and its cgroup. */
export class BuildAttempt {
  private readonly folder: string;
  private readonly cgroup: string;
  private ending: Reason | undefined;
  private readonly began = new Date();
  private isStopped = false;
  /** True from the moment at which there may be processes to when there are none. */
  private isRunning = false;

  constructor(
    private readonly context: AgentContext,
    private readonly request: StoredBuild,
    attempt: number,
  ) {
    this.folder = buildAttemptFolder(context.layout, request.id, attempt);
    this.cgroup = `amun-${context.layout.stack}-${request.id}-${attempt}`;
  }

  /** Starts it and waits for its end. */
  async run(): Promise<AttemptEnd> {
    const { layout, engine, operator } = this.context;
    const context = contextFolder(folderOf(layout, { kind: 'build', id: this.request.id }));
    await rm(this.folder, { recursive: true, force: true });
    await mkdir(this.folder, { recursive: true });
    await placeOperatorFiles(context, operator);
    const args = buildArguments(engine, {
      context,
      tag: imageTag(layout, this.request.id),
      idFile: path.join(this.folder, IMAGE_ID_FILE),
      requests: this.request.requests,
      cgroup: this.cgroup,
      operatorEnvironment: operator.environment,
    });
    const command = commandLine(engine, args);
    return this.judge(await this.attend(() => runDetached(this.folder, command)));
  }

  /** Waits for the end of one that an earlier agent started; undefined where it never began. */
  async rejoin(): Promise<AttemptEnd | undefined> {
    const end = await this.attend(() => rejoinDetached(this.folder));
    return end === undefined ? undefined : this.judge(end);
  }

  /** Ends it; the reason becomes its outcome's. The first call counts. */
  async end(reason: Reason): Promise<void> {
    if (this.ending !== undefined) return;
    this.ending = reason;
    await this.stop();
  }

  /** Ends its processes, whatever comes of it. */
  async stop(): Promise<void> {
    this.isStopped = true;
    const until = Date.now() + GRACE_MS;
    const asked = new Set<number>();
    // Again and again: it may have been about to start something.
    while (this.isRunning) {
      const members = await detachedMembers(this.folder);
      const fresh = members.filter((pid) => !asked.has(pid));
      for (const pid of fresh) asked.add(pid);
      signalAll(fresh, 'SIGTERM');
      if (Date.now() > until) signalAll(await this.members(), 'SIGKILL');
      await sleep(POLL_MS);
    }
  }

  /** Waits for the command's end; one that was stopped before it began is not begun. */
  private async attend<T extends CommandEnd | undefined>(
    command: () => Promise<T>,
  ): Promise<T | CommandEnd> {
    if (this.isStopped) return { finishedAt: new Date().toISOString() };
    this.isRunning = true;
    try {
      return await command();
    } finally {
      this.isRunning = false;
    }
  }

  private async judge(end: CommandEnd): Promise<AttemptEnd> {
    const logTail = await readTail(path.join(this.folder, LOG_FILE));
    const image = await orUndefined(readFile(path.join(this.folder, IMAGE_ID_FILE), 'utf8'));
    const verdict = judgeBuild({
      exitCode: end.exitCode,
      image: image?.trim(),
      logTail,
      isOutOfMemory: end.exitCode !== 0 && (await this.isOutOfMemory()),
      ending: this.ending,
    });
    await this.clear(verdict, image);
    return { verdict, finishedAt: end.finishedAt };
  }

  private async isOutOfMemory(): Promise<boolean> {
    return (await hasOomKill(this.cgroup)) || findOomKill(this.cgroup) === 'limit';
  }

  /** An engine that was killed leaves the step's processes and its working container behind. */
  private async clear(verdict: BuildVerdict, image: string | undefined): Promise<void> {
    const { engine, layout } = this.context;
    if (verdict === 'disrupted' || this.ending !== undefined) {
      signalAll(await this.members(), 'SIGKILL');
      await removeWorkingContainers(engine, this.cgroup);
      removeAbandonedContainers(engine, this.began).catch((error: unknown) => {
        this.context.log.warn({ err: error }, 'cannot remove what a build left');
      });
      if (image !== undefined) await callEngine(engine, ['rmi', imageTag(layout, this.request.id)]);
    }
    await removeCgroup(this.cgroup);
  }

  private async members(): Promise<number[]> {
    return [...(await detachedMembers(this.folder)), ...(await cgroupMembers(this.cgroup))];
  }
}

async function readTail(file: string): Promise<string> {
  const handle = await orUndefined(open(file, 'r'));
  if (handle === undefined) return '';
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
    await handle.read(buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8');
  } finally {
    await handle.close();
  }
}
