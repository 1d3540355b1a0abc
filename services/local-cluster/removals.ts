import type { RunDriver } from './runs/run-plan.js';
import { startTimer, type Timer } from './timer.js';

/** Removing many containers costs the engine hardly more than removing one. */
const PAUSE_MS = 1000;
const MOST_AT_ONCE = 50;

/** Removes containers of runs that have ended: some time later, many in one call. */
export class Removals {
  private names: string[] = [];
  private timer: Timer | undefined;
  private work: Promise<void> = Promise.resolve();

  constructor(private readonly driver: RunDriver) {}

  /** What is left of it is in the cluster's folder by now. */
  add(name: string): void {
    this.names.push(name);
    this.timer?.cancel();
    this.timer = startTimer(this.names.length >= MOST_AT_ONCE ? 0 : PAUSE_MS, () => {
      void this.flush();
    });
  }

  /** Resolves when everything added so far is removed. */
  flush(): Promise<void> {
    this.timer?.cancel();
    const names = this.names.splice(0);
    this.work = this.work.then(() => this.driver.remove(names));
    return this.work;
  }
}
