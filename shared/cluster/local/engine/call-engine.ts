import { spawn } from 'node:child_process';
import type { Engine } from './engine.js';

/** How a call of a command ended. */
export interface CallResult {
  /** null where a signal ended it, or the program is not there. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** True where there is no such program. */
  readonly isMissing: boolean;
}

const DEFAULT_TIMEOUT_MS = 60_000;
/** Nothing that we read of a call is longer; what goes beyond is left out. */
const MAX_OUTPUT_CHARACTERS = 16 * 1024 * 1024;

/** Runs the engine's command line and waits for its end. Never throws. */
export function callEngine(
  engine: Pick<Engine, 'name' | 'environment'>,
  args: readonly string[],
  timeoutMs = DEFAULT_TIMEOUT_MS,
): Promise<CallResult> {
  const [program = '', ...rest] = commandLine(engine, args);
  return call(program, rest, timeoutMs);
}

/** Program and arguments that run the engine with its environment added to this process's. */
export function commandLine(
  engine: Pick<Engine, 'name' | 'environment'>,
  args: readonly string[],
): string[] {
  const settings = Object.entries(engine.environment).map(([name, value]) => `${name}=${value}`);
  return ['env', ...settings, engine.name, ...args];
}

function call(program: string, args: readonly string[], timeoutMs: number): Promise<CallResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (stdout.length < MAX_OUTPUT_CHARACTERS) stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < MAX_OUTPUT_CHARACTERS) stderr += text;
    });
    child.on('error', (error) => {
      resolve({ code: null, stdout, stderr: error.message, isMissing: true });
    });
    // env(1) ends with 127 where it does not find the program.
    child.on('close', (code) => resolve({ code, stdout, stderr, isMissing: code === 127 }));
  });
}
