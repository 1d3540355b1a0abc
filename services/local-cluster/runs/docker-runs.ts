import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { orUndefined } from '../../../shared/cluster/local/atomic-file.js';
import { callEngine, commandLine } from '../../../shared/cluster/local/engine/call-engine.js';
import type { Engine } from '../../../shared/cluster/local/engine/engine.js';
import { LOG_FILE, type Layout } from '../../../shared/cluster/local/layout.js';
import { rejoinDetached, runDetached, type CommandEnd } from '../machine/detached-command.js';
import { judgeStart } from './judge-start.js';
import type { Operator } from '../operator.js';
import { runArguments } from './run-arguments.js';
import { stackLabel } from './run-name.js';
import type { RunDriver, RunEnd, RunPlan, RunStart } from './run-plan.js';

/** What docker's daemon knows of a container. */
interface ContainerState {
  readonly Status: string;
  readonly ExitCode: number;
  readonly OOMKilled: boolean;
}

const KILLED = 'The container, or the docker command that attended it, was killed or removed.';
const MAX_ERROR = 4096;

/**
 * Runs by docker, attached: a detached `docker run` for each, whose output goes to our own file,
 * because docker keeps its logs where only root may read them.
 */
export class DockerRuns implements RunDriver {
  readonly logFormat = 'raw';
  private readonly ends = new Map<string, Promise<CommandEnd | undefined>>();

  constructor(
    private readonly engine: Engine,
    private readonly layout: Layout,
    private readonly operator: Operator,
  ) {}

  async start(plan: RunPlan): Promise<RunStart> {
    if (plan.attempt > 1) await this.remove([plan.name]);
    await rm(plan.folder, { recursive: true, force: true });
    await mkdir(plan.folder, { recursive: true });
    const label = stackLabel(this.layout);
    const args = ['run', ...runArguments(this.engine, this.operator, label, plan)];
    const end = runDetached(plan.folder, commandLine(this.engine, args));
    this.ends.set(plan.name, end);
    return { kind: 'started', startedAt: new Date().toISOString() };
  }

  async rejoin(plan: RunPlan): Promise<RunStart> {
    this.ends.set(plan.name, rejoinDetached(plan.folder));
    const began = await orUndefined(stat(path.join(plan.folder, 'pid')));
    return { kind: 'started', startedAt: (began?.mtime ?? new Date()).toISOString() };
  }

  async waitForEnd(plan: RunPlan): Promise<RunEnd> {
    const end = await this.ends.get(plan.name);
    this.ends.delete(plan.name);
    const state = await this.inspect(plan.name);
    if (end?.exitCode === undefined) return { kind: 'disrupted', message: KILLED };
    if (state?.Status !== 'exited') return this.judgeFailure(plan, end.exitCode);
    const { finishedAt } = end;
    const oom = state.OOMKilled ? ('limit' as const) : undefined;
    return { kind: 'ended', exitCode: state.ExitCode, finishedAt, oom };
  }

  async stop(names: readonly string[], graceSeconds: number): Promise<void> {
    const timeout = (graceSeconds + 60) * 1000;
    await callEngine(this.engine, ['stop', '--time', String(graceSeconds), ...names], timeout);
  }

  async remove(names: readonly string[]): Promise<void> {
    if (names.length > 0) await callEngine(this.engine, ['rm', '--force', ...names]);
  }

  async list(): Promise<string[]> {
    const filter = `label=${stackLabel(this.layout)}`;
    const args = ['ps', '--all', '--filter', filter, '--format', '{{.Names}}'];
    const { stdout } = await callEngine(this.engine, args);
    return stdout.split('\n').filter((name) => name !== '');
  }

  close(): void {
    this.ends.clear();
  }

  /** docker's own words are all that the log holds where it started no container. */
  private async judgeFailure(plan: RunPlan, code: number): Promise<RunEnd> {
    const errors = (await orUndefined(readFile(path.join(plan.folder, LOG_FILE), 'utf8'))) ?? '';
    const start = judgeStart({ code, startedAt: undefined, errors: errors.slice(-MAX_ERROR) });
    return start.kind === 'refused' ? start : { kind: 'disrupted', message: KILLED };
  }

  private async inspect(name: string): Promise<ContainerState | undefined> {
    const args = ['inspect', '--type', 'container', '--format', '{{json .State}}', name];
    const { code, stdout } = await callEngine(this.engine, args);
    return code === 0 ? (JSON.parse(stdout) as ContainerState) : undefined;
  }
}
