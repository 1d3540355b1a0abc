import type { RunStart } from './run-plan.js';

/** What is known when the engine's call that starts a container has ended. */
export interface StarterEnd {
  /** undefined where a signal ended it. */
  readonly code: number | undefined;
  /** When the container's first process was made; undefined where none was. */
  readonly startedAt: string | undefined;
  /** What the engine said on stderr. */
  readonly errors: string;
}

const MAX_MESSAGE = 500;
const IMAGE_IS_GONE = /image not known|no such image|unable to find image|manifest unknown/i;
/** podman: the container's command cannot be invoked, or is not there. */
const NO_COMMAND = [126, 127];

/** Whether the container runs, never will, or may with another try. */
export function judgeStart({ code, startedAt, errors }: StarterEnd): RunStart {
  const message = errors.trim().split('\n').at(-1)?.slice(0, MAX_MESSAGE) ?? '';
  if (code === 0 && startedAt !== undefined) return { kind: 'started', startedAt };
  if (IMAGE_IS_GONE.test(errors)) return { kind: 'refused', reason: 'ImageNotFound', message };
  if (code !== undefined && NO_COMMAND.includes(code)) {
    return { kind: 'refused', reason: 'ClusterError', message };
  }
  return { kind: 'disrupted', message };
}
