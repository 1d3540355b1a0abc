import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { childEnvironment } from '../../shared/config/cli-config.js';
import { briefLogLine } from './brief-log-line.js';
import { lastLines, openLog } from './log-file.js';
import type { Probe } from './probe.js';

/** One process of the stack: how it is started, and when it is ready. */
export interface ProcessPlan {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Variables on top of our own environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where its stdout and stderr go. */
  readonly logFile: string;
  /** True for programs of ours: they end by themselves when this process is gone. */
  readonly followsParent: boolean;
  readonly probe: Probe;
  /** Told the pid of each start, before anything else happens. */
  readonly onStart?: (pid: number) => void;
}

export interface SupervisionOptions {
  /** The working folder of the process. */
  readonly cwd: string;
  /** Told in one line when the process ended and is started again. */
  readonly onRestart: (line: string) => void;
  /** Default: 100 ms doubled up to 5 s; forgotten after a minute without an end. */
  readonly backoff?: {
    readonly firstMs: number;
    readonly longestMs: number;
    readonly resetMs: number;
  };
}

const BACKOFF = { firstMs: 100, longestMs: 5_000, resetMs: 60_000 };
const PROBE_EVERY_MS = 50;
/** A process that ends so often before it was ready once will not be ready. */
const FIRST_TRIES = 4;
/** How much of its log is told then. */
const TOLD_LINES = 5;

/** Keeps one process running until it is told to stop. */
export class SupervisedProcess {
  readonly name: string;
  readonly #plan: ProcessPlan;
  readonly #options: SupervisionOptions;
  readonly #backoff: NonNullable<SupervisionOptions['backoff']>;
  #child: ChildProcess | undefined;
  #stopping = false;
  #ready = false;
  #ends = 0;
  #delay: number;
  #restart: NodeJS.Timeout | undefined;

  constructor(plan: ProcessPlan, options: SupervisionOptions) {
    this.name = plan.name;
    this.#plan = plan;
    this.#options = options;
    this.#backoff = options.backoff ?? BACKOFF;
    this.#delay = this.#backoff.firstMs;
  }

  /** undefined while it is not running. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    const started = Date.now();
    let ended = false;
    const onEnd = (how: string): void => {
      if (ended) return;
      ended = true;
      this.#child = undefined;
      this.#ends += 1;
      if (!this.#stopping) this.#startAgain(how, Date.now() - started);
    };
    try {
      const child = this.#spawn();
      child.on('exit', (code, signal) => onEnd(signal ?? `exit code ${code ?? 'unknown'}`));
      child.on('error', (error) => {
        if (child.pid === undefined) onEnd(error.message);
      });
      this.#child = child;
    } catch (error) {
      onEnd((error as Error).message);
    }
  }

  /** Resolves once it is ready; throws, with the end of its log, where it will not be. */
  async whenReady(withinMs: number, signal: AbortSignal): Promise<void> {
    const end = Date.now() + withinMs;
    for (;;) {
      const why = this.#child === undefined ? 'it has ended' : await this.#plan.probe();
      signal.throwIfAborted();
      if (why === undefined) break;
      if (this.#ends >= FIRST_TRIES) throw this.#failure(`ended ${this.#ends} times`);
      if (Date.now() > end) throw this.#failure(`is not ready: ${why}`);
      await sleep(PROBE_EVERY_MS, undefined, { signal });
    }
    this.#ready = true;
  }

  /** SIGTERM, and SIGKILL where it still runs after `graceMs`. Resolves when it is gone. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child === undefined) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await gone;
    clearTimeout(timer);
  }

  /** SIGKILL, at once. */
  kill(): void {
    this.#stopping = true;
    clearTimeout(this.#restart);
    this.#child?.kill('SIGKILL');
  }

  #spawn(): ChildProcess {
    const { command, args, environment, logFile, followsParent, onStart } = this.#plan;
    const log = openLog(logFile);
    try {
      const child = spawn(command, args, {
        cwd: this.#options.cwd,
        env: childEnvironment(environment),
        // A session of its own: Ctrl-C in the terminal is for us, who end everything in order.
        detached: true,
        stdio: followsParent ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
      });
      if (child.pid !== undefined) onStart?.(child.pid);
      return child;
    } finally {
      closeSync(log);
    }
  }

  #startAgain(how: string, lastedMs: number): void {
    if (lastedMs >= this.#backoff.resetMs) this.#delay = this.#backoff.firstMs;
    const delay = this.#delay;
    this.#delay = Math.min(delay * 2, this.#backoff.longestMs);
    const line = `${this.name} ended (${how}); it starts again in ${delay} ms, its log is ${this.#plan.logFile}`;
    if (this.#ready) this.#options.onRestart(line);
    this.#restart = setTimeout(() => this.start(), delay);
  }

  #failure(what: string): Error {
    const lines = lastLines(this.#plan.logFile, TOLD_LINES).map(briefLogLine);
    // Each try says the same.
    const tail = [...new Set(lines)].map((line) => `\n  ${line}`);
    const log = tail.length === 0 ? 'is empty' : `ends with:${tail.join('')}`;
    return new Error(`${this.name} ${what}. Its log ${this.#plan.logFile} ${log}`);
  }
}
