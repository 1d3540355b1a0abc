import { utimes } from 'node:fs/promises';
import { orUndefined } from '../../../shared/cluster/local/atomic-file.js';
import { imageRecordFile } from '../../../shared/cluster/local/layout.js';
import type { StoredJob } from '../../../shared/cluster/local/request-file.js';
import type { JobStatus, RunStatus } from '../../../shared/cluster/local/status.js';
import { whyUnschedulable } from '../../../shared/cluster/local/why-unschedulable.js';
import type { AgentContext } from '../agent-context.js';
import type { Removals } from '../removals.js';
import { RUN_GRACE_SECONDS, RunKeeper } from './run-keeper.js';
import type { RunDriver } from './run-plan.js';
import { needOf } from '../queue/slots.js';

/** The life of one job: its runs, each in its turn. */
export class JobKeeper {
  private readonly key: string;
  private readonly runs: RunKeeper[];
  private isCancelled = false;

  constructor(
    private readonly context: AgentContext,
    private readonly driver: RunDriver,
    removals: Removals,
    private readonly job: StoredJob,
    status: JobStatus = { runs: notStarted(job.batchSize) },
  ) {
    this.key = `job/${job.id}`;
    const tools = { driver, removals, onChange: () => this.save() };
    this.runs = status.runs.map((run) => new RunKeeper(context, tools, job, run));
  }

  /** True once every run has ended. */
  get isEnded(): boolean {
    return this.runs.every((run) => run.state === 'terminated');
  }

  /** The image that its runs are started from. */
  get image(): string {
    return this.job.image;
  }

  /** The names of the containers that may be running. */
  get running(): string[] {
    return this.runs.filter((run) => run.state === 'running').map((run) => run.name);
  }

  /** Takes it up where its status says it stands. */
  async begin(): Promise<void> {
    if (this.isEnded) return;
    const problem = whyUnschedulable(this.job.requests, this.context.machine);
    if (problem !== undefined) return this.refuse(problem);
    await this.useImage();
    const need = needOf(this.job.requests);
    for (const run of this.runs.filter(({ state }) => state === 'running')) {
      this.context.slots.hold({ key: this.key, unit: run.item }, need);
      void this.conclude(run, run.carryOn());
    }
    const units = this.runs.filter(({ state }) => state === 'waiting').map(({ item }) => item);
    if (units.length === 0) return;
    const { requestedAt } = this.job;
    this.context.slots.enqueue({ key: this.key, requestedAt, need, units }, (item) => {
      const run = this.runs[item];
      if (run !== undefined) void this.conclude(run, run.make());
    });
  }

  /** Ends every run with reason Cancelled. */
  async cancel(): Promise<void> {
    if (this.isCancelled || this.isEnded) return;
    this.isCancelled = true;
    this.context.slots.withdraw(this.key);
    const isToStop = await Promise.all(this.runs.map((run) => run.end('Cancelled')));
    const names = this.runs.filter((_, index) => isToStop[index]).map((run) => run.name);
    if (names.length > 0) await this.driver.stop(names, RUN_GRACE_SECONDS);
  }

  /** Does nothing more about it: the next agent finds it as it is then. */
  leave(): void {
    for (const run of this.runs) run.leave();
  }

  /** Ends its containers so that the next agent begins them anew. */
  async halt(): Promise<void> {
    const names = this.running;
    for (const run of this.runs) run.halt();
    await this.driver.remove(names);
    if (names.length > 0) await this.save();
  }

  private async conclude(run: RunKeeper, end: Promise<void>): Promise<void> {
    try {
      await end;
    } catch (error) {
      this.context.log.error({ err: error, job: this.job.id, item: run.item }, 'run failed');
      const message = error instanceof Error ? error.message : String(error);
      await run.terminate({ reason: 'ClusterError', message });
    } finally {
      this.context.slots.release({ key: this.key, unit: run.item });
    }
  }

  private async refuse(message: string): Promise<void> {
    const waiting = this.runs.filter(({ state }) => state !== 'terminated');
    await Promise.all(waiting.map((run) => run.terminate({ reason: 'Unschedulable', message })));
  }

  private async useImage(): Promise<void> {
    const file = imageRecordFile(this.context.layout, this.job.image);
    const now = new Date();
    if (file !== undefined) await orUndefined(utimes(file, now, now));
  }

  private save(): Promise<void> {
    const ref = { kind: 'job', id: this.job.id } as const;
    return this.context.statuses.write(ref, () => ({ runs: this.runs.map((run) => run.status) }));
  }
}

function notStarted(batchSize: number): RunStatus[] {
  return Array.from({ length: batchSize }, (_, item) => ({
    attempt: 0,
    observation: { item, state: 'waiting' },
  }));
}
