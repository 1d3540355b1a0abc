import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { orUndefined } from '../../../shared/cluster/local/atomic-file.js';
import { callEngine, commandLine } from '../../../shared/cluster/local/engine/call-engine.js';
import type { Engine } from '../../../shared/cluster/local/engine/engine.js';
import { LOG_FILE, type Layout } from '../../../shared/cluster/local/layout.js';
import { ExitFiles } from './exit-files.js';
import { judgeStart } from './judge-start.js';
import { oomKillOf } from '../machine/oom-kill-of.js';
import type { Operator } from '../operator.js';
import { PodmanEnds } from './podman-ends.js';
import { hasArgument } from '../machine/process-table.js';
import { runArguments } from './run-arguments.js';
import { stackLabel } from './run-name.js';
import type { RunDriver, RunEnd, RunPlan, RunStart } from './run-plan.js';

/** A container that floods its log beyond this loses the oldest of it. */
const LARGEST_LOG = '1g';
const STARTER_POLL_MS = 50;
/** Exit code of a first process that SIGKILL ended, or that says so of a child. */
const KILLED = 137;
/** No start takes longer. */
const STARTER_MS = 120_000;

/** What podman calls a container that was made and not started. */
const NEVER_STARTED = ['created', 'configured', 'initialized'];

/** The starter notes its process id before it becomes podman. */
const STARTER = 'echo $$ >"$1/starter"; shift; exec "$@"';

/**
 * Runs by podman, detached: one call starts a container, conmon keeps its log and notes its end, so
 * neither costs a process or a call while it runs, and both outlive this process.
 */
export class PodmanRuns implements RunDriver {
  readonly logFormat = 'k8s-file';
  private readonly exits: ExitFiles;
  private readonly ends: PodmanEnds;

  constructor(
    private readonly engine: Engine,
    private readonly layout: Layout,
    private readonly operator: Operator,
  ) {
    this.exits = new ExitFiles(engine.storage?.exits ?? '/run/libpod/exits');
    this.ends = new PodmanEnds(engine, this.exits);
  }

  async start(plan: RunPlan): Promise<RunStart> {
    if (plan.attempt > 1) await this.remove([plan.name]);
    await rm(plan.folder, { recursive: true, force: true });
    await mkdir(plan.folder, { recursive: true });
    const code = await this.spawnStarter(plan);
    return this.judge(plan, code);
  }

  async rejoin(plan: RunPlan): Promise<RunStart> {
    const starter = Number((await readWord(plan.folder, 'starter')) ?? 0);
    const until = Date.now() + STARTER_MS;
    while (starter > 0 && Date.now() < until && (await hasArgument(starter, plan.name))) {
      await sleep(STARTER_POLL_MS);
    }
    const args = ['inspect', '--type', 'container', '--format', '{{.State.Status}}', plan.name];
    const { stdout } = await callEngine(this.engine, args);
    const wasStarted = stdout.trim() !== '' && !NEVER_STARTED.includes(stdout.trim());
    return this.judge(plan, wasStarted ? 0 : undefined);
  }

  async waitForEnd(plan: RunPlan): Promise<RunEnd> {
    const id = await readWord(plan.folder, 'cid');
    if (id === undefined) return { kind: 'disrupted', message: 'The container is gone.' };
    const conmon = Number((await readWord(plan.folder, 'conmon')) ?? 0);
    const end = await this.ends.wait({ id, name: plan.name, conmon });
    if (end.kind !== 'ended' || end.exitCode === 0) return end;
    const oom = await oomKillOf(this.engine, id, plan.folder);
    if (oom === undefined && end.exitCode === KILLED && (await this.ends.isRemoved(id))) {
      return { kind: 'disrupted', message: 'Something else removed the container.' };
    }
    return { ...end, oom };
  }

  async stop(names: readonly string[], graceSeconds: number): Promise<void> {
    const timeout = (graceSeconds + 60) * 1000;
    const args = ['stop', '--ignore', '--time', String(graceSeconds), ...names];
    await callEngine(this.engine, args, timeout);
  }

  async remove(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    await callEngine(this.engine, ['rm', '--force', '--ignore', '--time', '0', ...names]);
  }

  async list(): Promise<string[]> {
    const filter = `label=${stackLabel(this.layout)}`;
    const args = ['ps', '--all', '--no-trunc', '--filter', filter, '--format', '{{.Names}}'];
    const { stdout } = await callEngine(this.engine, args);
    return stdout.split('\n').filter((name) => name !== '');
  }

  close(): void {
    this.ends.close();
    this.exits.close();
  }

  /** podman's exit code; undefined where a signal ended it. */
  private async spawnStarter(plan: RunPlan): Promise<number | undefined> {
    const { folder } = plan;
    const args = [
      ...['run', '--detach', '--http-proxy=false', '--no-healthcheck'],
      ...['--log-driver', 'k8s-file', '--log-opt', `path=${path.join(folder, LOG_FILE)}`],
      ...['--log-opt', `max-size=${LARGEST_LOG}`],
      ...['--cidfile', path.join(folder, 'cid'), '--pidfile', path.join(folder, 'pid')],
      ...['--conmon-pidfile', path.join(folder, 'conmon')],
      ...runArguments(this.engine, this.operator, stackLabel(this.layout), plan),
    ];
    const errors = openSync(path.join(folder, 'errors'), 'w');
    const command = ['-c', STARTER, 'amun', folder, ...commandLine(this.engine, args)];
    const child = spawn('/bin/sh', command, {
      // conmon writes its note of an OOM kill where it was started.
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'ignore', errors],
    });
    closeSync(errors);
    child.unref();
    return new Promise((resolve) => {
      child.on('exit', (code) => resolve(code ?? undefined));
      child.on('error', () => resolve(undefined));
    });
  }

  private async judge(plan: RunPlan, code: number | undefined): Promise<RunStart> {
    const began = await orUndefined(stat(path.join(plan.folder, 'pid')));
    const errors = (await orUndefined(readFile(path.join(plan.folder, 'errors'), 'utf8'))) ?? '';
    return judgeStart({ code, startedAt: began?.mtime.toISOString(), errors });
  }
}

async function readWord(folder: string, file: string): Promise<string | undefined> {
  const text = (await orUndefined(readFile(path.join(folder, file), 'utf8')))?.trim();
  return text === '' ? undefined : text;
}
