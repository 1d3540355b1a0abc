import { setTimeout as sleep } from 'node:timers/promises';
import { callEngine } from '../../../shared/cluster/local/engine/call-engine.js';
import type { Engine } from '../../../shared/cluster/local/engine/engine.js';
import type { ExitFiles } from './exit-files.js';
import { hasArgument } from '../machine/process-table.js';
import type { RunEnd } from './run-plan.js';

/** A container of which the end is awaited. */
export interface Awaited {
  readonly id: string;
  readonly name: string;
  /** The process id of its conmon; 0 where it is not known. */
  readonly conmon: number;
}

interface Waiter extends Awaited {
  readonly resolve: (end: RunEnd) => void;
  isAsked: boolean;
}

/** How often the processes that watch over containers are looked at. */
const LOOK_MS = 1000;
/** podman may still be writing down the end that conmon has seen. */
const SETTLE_MS = 1500;
const REMOVAL_LOOKS = 8;
const REMOVAL_PAUSE_MS = 300;
const ENDED = ['exited', 'stopped', 'stopping', 'dead'];

/**
 * Waits for the ends of containers: by conmon's note in the normal case; where conmon is gone
 * without one, by asking podman, which knows ends that were seen while nobody waited.
 */
export class PodmanEnds {
  private readonly waiters = new Map<string, Waiter>();
  private readonly timer = setInterval(() => void this.look(), LOOK_MS);

  constructor(
    private readonly engine: Engine,
    private readonly exits: ExitFiles,
  ) {
    this.timer.unref();
  }

  wait(container: Awaited): Promise<RunEnd> {
    return new Promise((resolve) => {
      const waiter = { ...container, resolve, isAsked: false };
      this.waiters.set(container.id, waiter);
      this.exits.onExit(container.id, {
        onEnd: (end) => this.settle(waiter, { kind: 'ended', ...end }),
        onMissed: () => void this.askOnce(waiter),
      });
      void this.lookAt(waiter);
    });
  }

  /**
   * True where a container that has just ended is being removed by somebody else: then that was its
   * end, too. In between it is an ended one for a while, longer on a busy machine.
   */
  async isRemoved(id: string): Promise<boolean> {
    for (let look = 0; look < REMOVAL_LOOKS; look += 1) {
      if ((await this.stateOf(id)) === undefined) return true;
      await sleep(REMOVAL_PAUSE_MS);
    }
    return false;
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    await Promise.all([...this.waiters.values()].map((waiter) => this.lookAt(waiter)));
  }

  private async lookAt(waiter: Waiter): Promise<void> {
    const isWatched = waiter.conmon > 0 && (await hasArgument(waiter.conmon, waiter.id));
    this.exits.look(waiter.id);
    if (!isWatched) await this.askOnce(waiter);
  }

  private async askOnce(waiter: Waiter): Promise<void> {
    if (waiter.isAsked || !this.waiters.has(waiter.id)) return;
    waiter.isAsked = true;
    this.settle(waiter, await this.ask(waiter));
  }

  private async ask({ id }: Waiter): Promise<RunEnd> {
    const first = await this.inspect(id);
    if (first !== undefined) return first;
    await sleep(SETTLE_MS);
    return (
      (await this.inspect(id)) ?? {
        kind: 'disrupted',
        message: 'The container, or the process that watches over it, was killed or removed.',
      }
    );
  }

  private async inspect(id: string): Promise<RunEnd | undefined> {
    const state = await this.stateOf(id);
    return state && endOf(state);
  }

  private async stateOf(id: string): Promise<ContainerState | undefined> {
    const args = ['inspect', '--type', 'container', '--format', '{{json .State}}', id];
    const { code, stdout } = await callEngine(this.engine, args);
    return code === 0 ? (JSON.parse(stdout) as ContainerState) : undefined;
  }

  private settle(waiter: Waiter, end: RunEnd): void {
    if (!this.waiters.delete(waiter.id)) return;
    this.exits.forget(waiter.id);
    waiter.resolve(end);
  }
}

interface ContainerState {
  readonly Status: string;
  readonly ExitCode: number;
  readonly StartedAt: string;
  readonly FinishedAt: string;
}

/** After a reboot podman calls a container ended of which it has seen no end. */
function endOf(state: ContainerState): RunEnd | undefined {
  const finished = Date.parse(state.FinishedAt);
  const wasSeen = finished >= Date.parse(state.StartedAt) && state.ExitCode >= 0;
  if (!ENDED.includes(state.Status) || !wasSeen) return undefined;
  const finishedAt = new Date(finished).toISOString();
  return { kind: 'ended', exitCode: state.ExitCode, finishedAt };
}
