import { folderOf, runAttemptFolder } from '../../../shared/cluster/local/layout.js';
import type { StoredJob } from '../../../shared/cluster/local/request-file.js';
import type { RunStatus } from '../../../shared/cluster/local/status.js';
import type { RunObservation } from '../../../shared/inspection/observation.js';
import type { Reason } from '../../../shared/inspection/reason.js';
import { MOST_ATTEMPTS, type AgentContext } from '../agent-context.js';
import { judgeRun } from './judge-run.js';
import type { Removals } from '../removals.js';
import { runName } from './run-name.js';
import type { RunDriver, RunPlan, RunStart } from './run-plan.js';
import { startTimer, type Timer } from '../timer.js';

/** What a run is carried out with, beside the agent's own. */
export interface RunTools {
  readonly driver: RunDriver;
  readonly removals: Removals;
  /** Called whenever the run's status has changed; resolves when that is stored. */
  readonly onChange: () => Promise<void>;
}

/** What a run may take to say goodbye: its entrypoint writes the report then. */
export const RUN_GRACE_SECONDS = 5;

/** The life of one run of a job. */
export class RunKeeper {
  readonly name: string;
  private deadline: Timer | undefined;
  private isAbandoned = false;

  constructor(
    private readonly context: AgentContext,
    private readonly tools: RunTools,
    private readonly job: StoredJob,
    public status: RunStatus,
  ) {
    this.name = runName(context.layout, job.id, status.observation.item);
  }

  get item(): number {
    return this.status.observation.item;
  }

  get state(): RunObservation['state'] {
    return this.status.observation.state;
  }

  /** Attempts until one was not disturbed; resolves when the run has ended. */
  async make(): Promise<void> {
    while (this.state !== 'terminated' && !this.isLeft()) {
      const { logFormat } = this.tools.driver;
      const attempt = this.status.attempt + 1;
      await this.save({ ...this.status, attempt, logFormat, observation: this.running() });
      await this.follow(await this.tools.driver.start(this.plan()));
    }
  }

  /** Waits for what an earlier agent started. */
  async carryOn(): Promise<void> {
    await this.follow(await this.tools.driver.rejoin(this.plan()));
    await this.make();
  }

  /**
   * Notes that it is to end and why; what has not started ends here. True where its container is
   * still to be stopped.
   */
  async end(reason: Reason): Promise<boolean> {
    if (this.state === 'terminated' || this.status.ending !== undefined) return false;
    if (this.state === 'waiting') {
      await this.terminate({ reason });
      return false;
    }
    await this.save({ ...this.status, ending: reason });
    return true;
  }

  /** Does nothing more about it: the next agent finds it as it is then. */
  leave(): void {
    this.isAbandoned = true;
    this.deadline?.cancel();
  }

  /** Puts it back to where it was before it began, for the next agent. */
  halt(): void {
    this.leave();
    if (this.state !== 'running') return;
    const { item } = this.status.observation;
    this.status = { attempt: this.status.attempt - 1, observation: { item, state: 'waiting' } };
  }

  /** It ends without having been started. */
  terminate(outcome: Omit<RunObservation, 'item' | 'state'>): Promise<void> {
    this.deadline?.cancel();
    const { item, startedAt } = this.status.observation;
    return this.save({
      ...this.status,
      observation: {
        item,
        state: 'terminated',
        ...(startedAt === undefined ? {} : { startedAt }),
        finishedAt: new Date().toISOString(),
        ...outcome,
      },
    });
  }

  private async follow(start: RunStart): Promise<void> {
    if (this.isLeft()) return;
    if (start.kind === 'refused') {
      this.tools.removals.add(this.name);
      return this.terminate({ reason: start.reason, message: start.message });
    }
    if (start.kind === 'disrupted') return this.disturbed(start.message);
    void this.save({ ...this.status, observation: this.running(start.startedAt) });
    this.startDeadline(start.startedAt);
    if (this.status.ending !== undefined) this.stop();

    const end = await this.tools.driver.waitForEnd(this.plan());
    if (this.isLeft()) return;
    this.deadline?.cancel();
    const verdict = judgeRun(end, this.status.ending);
    if (verdict === 'disrupted') {
      return this.disturbed(
        end.kind === 'disrupted' ? end.message : 'The machine ran out of memory.',
      );
    }
    this.tools.removals.add(this.name);
    return this.terminate(verdict);
  }

  private isLeft(): boolean {
    return this.isAbandoned;
  }

  private async disturbed(message: string): Promise<void> {
    if (this.isLeft()) return;
    const { attempt, ending } = this.status;
    this.context.log.warn({ job: this.job.id, item: this.item, attempt, message }, 'run disturbed');
    if (ending !== undefined) return this.terminate({ reason: ending });
    if (attempt >= MOST_ATTEMPTS) {
      this.tools.removals.add(this.name);
      await this.terminate({ reason: 'Evicted', message });
    }
  }

  private startDeadline(startedAt: string): void {
    const left = Date.parse(startedAt) + this.job.timeoutSeconds * 1000 - Date.now();
    this.deadline = startTimer(left, () => {
      void this.end('DeadlineExceeded').then((isRunning) => {
        if (isRunning) this.stop();
      });
    });
  }

  private stop(): void {
    void this.tools.driver.stop([this.name], RUN_GRACE_SECONDS);
  }

  private running(startedAt = new Date().toISOString()): RunObservation {
    return { item: this.item, state: 'running', startedAt };
  }

  private save(status: RunStatus): Promise<void> {
    this.status = status;
    return this.tools.onChange();
  }

  private plan(): RunPlan {
    const { layout } = this.context;
    const { attempt } = this.status;
    return {
      job: this.job,
      item: this.item,
      attempt,
      name: this.name,
      folder: runAttemptFolder(layout, this.job.id, this.item, attempt),
      jobFolder: folderOf(layout, { kind: 'job', id: this.job.id }),
    };
  }
}
