import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { orUndefined, writeWhole } from '../../../shared/cluster/local/atomic-file.js';
import { imageRecordFile } from '../../../shared/cluster/local/layout.js';
import type { ImageRecord } from '../../../shared/cluster/local/image-record.js';
import type { StoredBuild } from '../../../shared/cluster/local/request-file.js';
import type { BuildStatus } from '../../../shared/cluster/local/status.js';
import { whyUnschedulable } from '../../../shared/cluster/local/why-unschedulable.js';
import type { BuildObservation } from '../../../shared/inspection/observation.js';
import { MOST_ATTEMPTS, type AgentContext } from '../agent-context.js';
import { BuildAttempt, type AttemptEnd } from './build-attempt.js';
import { imageTag } from './image-tag.js';
import { needOf } from '../queue/slots.js';
import { startTimer, type Timer } from '../timer.js';

const UNIT = 0;

/** The life of one build, from its request to its image. */
export class BuildKeeper {
  private readonly key: string;
  private attempt: BuildAttempt | undefined;
  private deadline: Timer | undefined;
  private work: Promise<void> = Promise.resolve();
  private isCancelled = false;
  private isAbandoned = false;

  constructor(
    private readonly context: AgentContext,
    private readonly request: StoredBuild,
    private status: BuildStatus = { attempt: 0, observation: { state: 'waiting' } },
  ) {
    this.key = `build/${request.id}`;
  }

  /** True once it has ended. */
  get isEnded(): boolean {
    return this.status.observation.state === 'terminated';
  }

  /** Takes it up where its status says it stands. */
  async begin(): Promise<void> {
    const { state } = this.status.observation;
    if (state === 'terminated') return;
    const problem = whyUnschedulable(this.request.requests, this.context.machine);
    if (problem !== undefined) {
      await this.terminate({ reason: 'Unschedulable', message: problem });
    } else if (state === 'running') {
      this.context.slots.hold({ key: this.key, unit: UNIT }, needOf(this.request.requests));
      this.work = this.conclude(this.carryOn());
    } else {
      this.context.slots.enqueue(
        {
          key: this.key,
          requestedAt: this.request.requestedAt,
          need: needOf(this.request.requests),
          units: [UNIT],
        },
        () => {
          this.work = this.conclude(this.make());
        },
      );
    }
  }

  /** Ends it with reason Cancelled. */
  async cancel(): Promise<void> {
    if (this.isEnded || this.isCancelled) return;
    this.isCancelled = true;
    if (this.attempt !== undefined) return this.attempt.end('Cancelled');
    this.context.slots.withdraw(this.key);
    if (this.status.observation.state === 'waiting') await this.terminate({ reason: 'Cancelled' });
  }

  /** Does nothing more about it: the next agent finds it as it is then. */
  leave(): void {
    this.isAbandoned = true;
    this.deadline?.cancel();
  }

  /** Ends its processes so that the next agent begins it anew. */
  async halt(): Promise<void> {
    this.leave();
    if (this.isEnded || this.attempt === undefined) return;
    const attempt = this.status.attempt - 1;
    await this.attempt.stop();
    await this.work;
    await this.save({ attempt: Math.max(attempt, 0), observation: { state: 'waiting' } });
  }

  private async conclude(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.context.log.error({ err: error, build: this.request.id }, 'build failed');
      const message = error instanceof Error ? error.message : String(error);
      await this.terminate({ reason: 'ClusterError', message });
    } finally {
      this.context.slots.release({ key: this.key, unit: UNIT });
    }
  }

  /** Attempts until one was not disturbed. */
  private async make(): Promise<void> {
    while (!this.isLeft()) {
      if (this.isCancelled) return this.finish({ reason: 'Cancelled' });
      const attempt = this.status.attempt + 1;
      const startedAt = new Date().toISOString();
      this.attempt = new BuildAttempt(this.context, this.request, attempt);
      await this.save({ attempt, observation: { state: 'running', startedAt } });
      this.startDeadline(startedAt);
      if (await this.settle(await this.attempt.run())) return;
    }
  }

  /** Waits for what an earlier agent started. */
  private async carryOn(): Promise<void> {
    const { attempt, observation } = this.status;
    this.attempt = new BuildAttempt(this.context, this.request, attempt);
    this.startDeadline(observation.startedAt);
    if (this.isCancelled) void this.attempt.end('Cancelled');
    const end = await this.attempt.rejoin();
    if (end !== undefined && (await this.settle(end))) return;
    if (end === undefined) this.status = { ...this.status, attempt: attempt - 1 };
    await this.make();
  }

  /** True where this was its end, false where it is to be tried again. */
  private async settle({ verdict, finishedAt }: AttemptEnd): Promise<boolean> {
    this.deadline?.cancel();
    if (this.isLeft()) return true;
    if (verdict !== 'disrupted') {
      await this.finish({ ...verdict, finishedAt });
      return true;
    }
    this.context.log.warn({ build: this.request.id }, 'build was disturbed');
    if (this.status.attempt < MOST_ATTEMPTS) return false;
    const message = `The build was killed ${MOST_ATTEMPTS} times by something else on this machine.`;
    await this.finish({ reason: 'ClusterError', message, finishedAt });
    return true;
  }

  private isLeft(): boolean {
    return this.isAbandoned;
  }

  private startDeadline(startedAt = new Date().toISOString()): void {
    const left = Date.parse(startedAt) + this.request.timeoutSeconds * 1000 - Date.now();
    this.deadline = startTimer(left, () => void this.attempt?.end('BuildTimedOut'));
  }

  private async finish(outcome: Omit<BuildObservation, 'state'>): Promise<void> {
    if (outcome.image !== undefined) {
      await recordImage(this.context, outcome.image, this.request.id);
    }
    await this.terminate(outcome);
  }

  private terminate(outcome: Omit<BuildObservation, 'state'>): Promise<void> {
    const finishedAt = outcome.finishedAt ?? new Date().toISOString();
    const { startedAt } = this.status.observation;
    return this.save({
      attempt: this.status.attempt,
      observation: {
        state: 'terminated',
        ...(startedAt === undefined ? {} : { startedAt }),
        ...outcome,
        finishedAt,
      },
    });
  }

  private save(status: BuildStatus): Promise<void> {
    this.status = status;
    const ref = { kind: 'build', id: this.request.id } as const;
    return this.context.statuses.write(ref, () => this.status);
  }
}

/** Notes where the image is, so that anyone can tell cheaply whether it still exists. */
async function recordImage(
  { layout, engine }: AgentContext,
  image: string,
  buildId: string,
): Promise<void> {
  const file = imageRecordFile(layout, image);
  if (file === undefined) return;
  await mkdir(path.dirname(file), { recursive: true });
  const hex = image.slice('sha256:'.length);
  const folder = engine.storage && path.join(engine.storage.images, hex);
  const isThere = folder !== undefined && (await orUndefined(stat(folder))) !== undefined;
  const record: ImageRecord = {
    image,
    buildId,
    tag: imageTag(layout, buildId),
    ...(isThere ? { storagePath: folder } : {}),
  };
  await writeWhole(file, JSON.stringify(record));
}
