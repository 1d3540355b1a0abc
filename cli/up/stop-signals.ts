import { exitWithParent } from '../../shared/process/exit-with-parent.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** npm passes a Ctrl-C on that the terminal has sent us as well: both count as one. */
const SAME_MS = 500;
const PARENT_CHECK_MS = 200;

export interface StopSignals {
  /** Aborted by the first signal, or when the process that started this one is gone. */
  readonly first: AbortSignal;
  /** Stops listening. */
  release(): void;
}

/**
 * Listens for what ends a server; `onSecond` is called for whoever does not want to wait.
 *
 * @param withParent end also when the parent process is gone. npx starts us by a shell that keeps
 *   signals to itself: its death is all that we see of a SIGTERM to npx.
 */
export function listenForStop(onSecond: () => void, withParent: boolean): StopSignals {
  const controller = new AbortController();
  let firstAt = 0;
  const stop = (): void => {
    if (controller.signal.aborted) return;
    firstAt = Date.now();
    controller.abort();
  };
  const onSignal = (): void => {
    if (controller.signal.aborted && Date.now() - firstAt > SAME_MS) onSecond();
    stop();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  exitWithParent(stop);
  const parent = process.ppid;
  const check = setInterval(() => {
    if (withParent && process.ppid !== parent) stop();
  }, PARENT_CHECK_MS).unref();
  return {
    first: controller.signal,
    release: () => {
      clearInterval(check);
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}
