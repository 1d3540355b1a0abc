import { shortenLog } from './log-file.js';
import type { StackPlan } from './plan-stack.js';
import { SupervisedProcess, type SupervisionOptions } from './supervised-process.js';

/** Longer than the time that a service takes to finish what is in hand. */
const GRACE_MS = 25_000;
const READY_WITHIN_MS = 60_000;
const LOG_CHECK_MS = 60_000;

/** All processes of one machine's stack: started, kept running, ended in order. */
export class Stack {
  readonly #plan: StackPlan;
  readonly #nats: SupervisedProcess;
  readonly #others: readonly SupervisedProcess[];
  readonly #logCheck: NodeJS.Timeout;

  constructor(plan: StackPlan, options: SupervisionOptions) {
    this.#plan = plan;
    this.#nats = new SupervisedProcess(plan.nats, options);
    this.#others = plan.others.map((process) => new SupervisedProcess(process, options));
    this.#logCheck = setInterval(() => {
      for (const { logFile } of [plan.nats, ...plan.others]) shortenLog(logFile);
    }, LOG_CHECK_MS).unref();
  }

  /** Resolves once everything is ready; throws where something will not be. */
  async start(signal: AbortSignal): Promise<void> {
    this.#nats.start();
    await this.#nats.whenReady(READY_WITHIN_MS, signal);
    for (const process of this.#others) process.start();
    await Promise.all(this.#others.map((process) => process.whenReady(READY_WITHIN_MS, signal)));
  }

  /** Ends everything, in the plan's order and nats-server last. */
  async stop(): Promise<void> {
    clearInterval(this.#logCheck);
    for (const group of this.#plan.endOrder) {
      const members = this.#others.filter((process) => group.includes(process.name));
      await Promise.all(members.map((process) => process.stop(GRACE_MS)));
    }
    await Promise.all(this.#others.map((process) => process.stop(GRACE_MS)));
    await this.#nats.stop(GRACE_MS);
  }

  /** Ends everything at once, whatever is in hand. */
  kill(): void {
    for (const process of [...this.#others, this.#nats]) process.kill();
  }
}
