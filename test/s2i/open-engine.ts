import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { commandLine } from '../../shared/cluster/local/engine/call-engine.js';
import type { Engine } from '../../shared/cluster/local/engine/engine.js';
import { findEngine } from '../../shared/cluster/local/engine/find-engine.js';
import { layoutOf } from '../../shared/cluster/local/layout.js';
import { endSteps } from './end-steps.js';

/** What an engine wrote, stdout and stderr as they came, and how it ended. */
export interface Called {
  readonly code: number;
  readonly stdout: string;
  readonly log: string;
}

/** Who follows a call. */
export interface Watch {
  /** Takes what the engine writes, piece by piece. */
  readonly listen?: (text: string) => void;
  /** Once aborted, the call is ended, and ends as one that failed. */
  readonly signal?: AbortSignal;
}

/**
 * The container engine of this machine, whose builds and runs are in the network of the machine: they
 * reach what listens on its loopback interface. `folder` gets its configuration.
 */
export async function openEngine(folder: string): Promise<Engine> {
  return await findEngine(layoutOf(folder), { network: 'host' });
}

/** Calls the engine and waits for its end, however long that takes. */
export async function call(
  engine: Engine,
  args: readonly string[],
  { listen, signal }: Watch = {},
): Promise<Called> {
  if (signal?.aborted === true) return { code: -1, stdout: '', log: '' };
  const [program = '', ...rest] = commandLine(engine, args);
  // A group of its own: a terminal's Ctrl-C is ours to pass on.
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const end = (): void => {
    if (child.pid !== undefined) endSteps(child.pid);
  };
  signal?.addEventListener('abort', end);
  let stdout = '';
  let log = '';
  const hear = (text: string): void => {
    log += text;
    listen?.(text);
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    hear(text);
  });
  child.stderr.setEncoding('utf8').on('data', hear);
  const [code] = (await once(child, 'close')) as [number | null];
  signal?.removeEventListener('abort', end);
  return { code: code ?? -1, stdout, log };
}
